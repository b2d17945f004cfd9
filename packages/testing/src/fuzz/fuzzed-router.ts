import { HotlineError, hotline, type Router, tracked } from '@hotline/core'

/** Thrown by handlers on purpose: a server's report of it is no failure. */
export class PlannedFailure extends Error {}

/** What handlers are run in. */
export interface HandlerWorld {
  /** Resolves after `delayMs`, or when `signal` aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
  /** A handler has begun, with this context and input. */
  began(path: string, context: unknown, input: unknown): void
  ended(): void
}

/** What each procedure takes, and all it takes. */
interface Task {
  /** How much of whatever the procedure does. */
  readonly n: number
  readonly name?: string | undefined
}

/** The paths of the router. */
export const PROCEDURES = [
  ...(['query', 'mutation', 'idempotent', 'slow', 'deaf', 'throwing', 'rejecting', 'refusing', 'unencodable'] as const),
  ...(['large', 'nested.deeper', 'items', 'flood', 'failing', 'lazy.query'] as const),
] as const

/** Whether the schema takes it, said again in other words: for whoever checks that nothing else comes through. */
export function isTask(value: unknown): value is Task {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const entries = Object.entries(value)
  return (
    entries.every(([name, entry]) => {
      if (name === 'n') return Number.isInteger(entry) && entry >= 0 && entry <= 10_000
      return name === 'name' && (entry === undefined || typeof entry === 'string')
    }) && Object.hasOwn(value, 'n')
  )
}

type Checked = { readonly value: Task } | { readonly issues: readonly { readonly message: string }[] }

const TASK: TaskSchema = { '~standard': { version: 1, vendor: 'hotline', validate } }

/** As much of a Standard Schema as says what it takes and gives. */
interface TaskSchema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly types?: { readonly input: Task; readonly output: Task }
    validate(value: unknown): Checked
  }
}

function validate(value: unknown): Checked {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refused('the input')
  const { n, name, ...rest } = value as Readonly<Record<string, unknown>>
  if (typeof n !== 'number' || !Number.isInteger(n) || n < 0 || n > 10_000) return refused('n')
  if (name !== undefined && typeof name !== 'string') return refused('name')
  // It has just been looked at.
  return Object.keys(rest).length > 0 ? refused('the rest') : { value: value as Task }
}

function refused(what: string): Checked {
  return { issues: [{ message: `${what} is not what it should be.` }] }
}

/** Procedures of every kind, and of every way to end. */
export function fuzzedRouter(world: HandlerWorld): Router {
  const h = hotline<object>()
  const running =
    (path: string, handle: (input: Task, signal: AbortSignal) => unknown) =>
    ({ input, ctx, signal }: { readonly input: Task; readonly ctx: object; readonly signal: AbortSignal }): unknown => {
      world.began(path, ctx, input)
      let result: unknown
      try {
        result = handle(input, signal)
      } catch (thrown) {
        world.ended()
        throw thrown
      }
      if (!(result instanceof Promise)) world.ended()
      else result.then(world.ended, world.ended)
      return result
    }
  async function* stream(path: string, { input, ctx }: { input: Task; ctx: object }, items: AsyncIterable<unknown>) {
    world.began(path, ctx, input)
    try {
      yield* items
      return input.n
    } finally {
      world.ended()
    }
  }
  const task = h.input(TASK)
  return h.router({
    query: task.query(running('query', ({ n }) => n)),
    mutation: task.mutation(
      running('mutation', async ({ name }) => ({ name, at: new Date(0), ids: new Map([[1, 2n]]) })),
    ),
    idempotent: task.idempotent().mutation(running('idempotent', ({ n }) => n)),
    slow: task.query(running('slow', ({ n }, signal) => world.sleep(n, signal))),
    deaf: task.mutation(running('deaf', ({ n }) => world.sleep(n))),
    throwing: task.query(running('throwing', () => fail())),
    rejecting: task.mutation(running('rejecting', async () => fail())),
    refusing: task.query(
      running('refusing', ({ n }) => {
        throw new HotlineError(n % 2 === 0 ? 'CONFLICT' : 'FORBIDDEN')
      }),
    ),
    unencodable: task.query(running('unencodable', () => () => {})),
    large: task.query(running('large', ({ n }) => 'x'.repeat(n * 10))),
    nested: { deeper: task.query(running('nested.deeper', ({ n }) => [n, undefined, Number.NaN])) },
    lazy: h.lazy(async () => h.router({ query: task.query(running('lazy.query', ({ n }) => n)) })),
    items: task.subscription((call) => stream('items', call, count(call.input.n, world))),
    flood: task.subscription((call) => stream('flood', call, flood(call.input.n))),
    failing: task.subscription((call) => stream('failing', call, thenFail(call.input.n, world))),
  })
}

function fail(): never {
  throw new PlannedFailure('As it was asked to.')
}

async function* count(most: number, world: HandlerWorld) {
  for (let n = 1; n <= Math.min(most, 100); n++) {
    if (n % 10 === 0) await world.sleep(1)
    yield tracked(String(n), { n, big: BigInt(n) })
  }
}

/** More at once than may wait. */
async function* flood(items: number) {
  for (let left = items; left > 0; left--) yield 'an item that takes a hundred characters'.padEnd(100, '.')
}

async function* thenFail(most: number, world: HandlerWorld) {
  yield* count(most, world)
  fail()
}
