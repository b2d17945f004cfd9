import { HotlineError, hotline, type Router, tracked } from '@hotline/core'
import { ITEM, TASK, type Task } from './fuzzed-schemas.ts'

/** Thrown by handlers on purpose: a server's report of it is no failure. */
export class PlannedFailure extends Error {}

/** What handlers are run in. */
export interface HandlerWorld {
  /** Resolves after `delayMs`, or when `signal` aborts. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
  /** A handler was called with this context and input. The body of a generator begins when somebody reads. */
  admitted(path: string, context: unknown, input: unknown): void
  began(): void
  /** A handler has read an item of its caller's. */
  read(path: string, item: unknown): void
  ended(): void
}

/** The paths of the router. */
export const PROCEDURES = [
  ...(['query', 'mutation', 'idempotent', 'slow', 'deaf', 'throwing', 'rejecting', 'refusing', 'unencodable'] as const),
  ...(['large', 'nested.deeper', 'items', 'flood', 'failing', 'lazy.query'] as const),
  ...(['upload', 'unread', 'half', 'both'] as const),
] as const

/** Those of them that take items from their caller. */
export const UPLOADS: ReadonlySet<string> = new Set(['upload', 'unread', 'half', 'both'])

interface Handled {
  readonly input: Task
  readonly ctx: object
  readonly signal: AbortSignal
}

/** Procedures of every kind, and of every way to end. */
export function fuzzedRouter(world: HandlerWorld): Router {
  const h = hotline<object>()
  const running =
    (path: string, handle: (input: Task, signal: AbortSignal) => unknown) =>
    ({ input, ctx, signal }: Handled): unknown => {
      world.admitted(path, ctx, input)
      world.began()
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
  const stream = (path: string, { input, ctx }: { input: Task; ctx: object }, items: AsyncIterable<unknown>) => {
    world.admitted(path, ctx, input)
    return body(input, items)
  }
  async function* body(input: Task, items: AsyncIterable<unknown>) {
    world.began()
    try {
      yield* items
      return input.n
    } finally {
      world.ended()
    }
  }
  const readSome = async (path: string, items: AsyncIterable<unknown>, most: number) => {
    let left = most
    for await (const item of items) {
      world.read(path, item)
      if (--left === 0) break
    }
    return most - left
  }
  const task = h.input(TASK)
  const uploads = task.items(ITEM)
  const reading = (path: string, most: number) => (call: Handled & { readonly items: AsyncIterable<unknown> }) =>
    running(path, () => readSome(path, call.items, most))(call)
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
    upload: uploads.mutation(reading('upload', Number.POSITIVE_INFINITY)),
    half: uploads.mutation(reading('half', 2)),
    unread: uploads.mutation(running('unread', ({ n }, signal) => world.sleep(n, signal))),
    both: uploads.subscription((call) => stream('both', call, call.items)),
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
