import { HotlineError, type Stream, type StreamObserver } from '@hotline/core'
import { MutationObserver, QueryClient, QueryObserver } from '@tanstack/query-core'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { attachLive } from './attach-live.ts'
import { readItems, readQuery } from './read-query.ts'

beforeEach(() => {
  vi.stubGlobal('window', globalThis)
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

type List = readonly number[]

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const withItem = (list: unknown, item: unknown) => {
  const items = list as List
  return items.includes(item as number) ? items : [...items, item as number]
}
const isIn = (list: unknown, item: unknown) => (list as List).includes(item as number)

/** A list at a server. Reading it and opening a stream take their time, and fail once where they are told to. */
class ListServer {
  list: List = []
  ms = 5
  failsNext = false
  readonly #isWhole: boolean
  readonly #streams = new Set<StreamObserver<unknown>>()

  /** Streams give what was added, or the list as it is where that `isWhole`. */
  constructor(isWhole: boolean) {
    this.#isWhole = isWhole
  }

  add(item: number): void {
    this.list = [...this.list, item]
    for (const stream of this.#streams) this.#tell(stream, this.#isWhole ? this.list : item)
  }

  /** Every stream ends for a passing reason. */
  cut(): void {
    const cut = [...this.#streams]
    this.#streams.clear()
    for (const stream of cut) stream.error?.(new HotlineError('SLOW_CONSUMER'))
  }

  async read(signal: AbortSignal): Promise<List> {
    await later(this.ms)
    const { list } = this
    await later(this.ms)
    signal.throwIfAborted()
    this.#mayFail(new Error('The database is down.'))
    return list
  }

  async open(signal: AbortSignal): Promise<Stream<unknown, unknown>> {
    await later(this.ms)
    signal.throwIfAborted()
    this.#mayFail(new HotlineError('TOO_MANY_STREAMS'))
    const stream: Pick<Stream<unknown, unknown>, 'on'> = {
      on: (observer) => {
        this.#streams.add(observer)
        if (this.#isWhole) this.#tell(observer, this.list)
        return () => this.#streams.delete(observer)
      },
    }
    return stream as Stream<unknown, unknown>
  }

  #tell(stream: StreamObserver<unknown>, item: unknown): void {
    setTimeout(() => this.#streams.has(stream) && stream.next?.(item), 2)
  }

  #mayFail(error: Error): void {
    const { failsNext } = this
    this.failsNext = false
    if (failsNext) throw error
  }
}

const step = fc.record({
  do: fc.constantFrom(
    'add',
    'add',
    'change',
    'look',
    'look',
    'leave',
    'refetch',
    'cancel',
    'cut',
    'hinder',
    'wait',
    'wait',
    'wait',
  ),
  ms: fc.oneof(
    { arbitrary: fc.integer({ min: 0, max: 12 }), weight: 4 },
    { arbitrary: fc.constantFrom(1_000, 3_000), weight: 1 },
  ),
  /** Whether it knows when the value has the change. */
  knows: fc.boolean(),
  outcome: fc.constantFrom('made', 'made', 'refused', 'failed'),
})
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** An entry of the list, and people who look at it and change it. */
function setUp(server: ListServer, queryFn: ReturnType<typeof readQuery>) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const undo = attachLive(client)
  const observer = new QueryObserver(client, { queryKey: ['list'], queryFn, staleTime: Number.POSITIVE_INFINITY })
  const leaves: (() => void)[] = []
  let items = 0

  async function change({ ms, knows, outcome }: Step): Promise<void> {
    const item = ++items
    const optimistic = (cache: { update(key: unknown, apply: unknown, options: object): void }) =>
      cache.update(['list'], (list: unknown) => withItem(list, item), knows ? { isIn } : {})
    const make = async () => {
      await later(ms)
      if (outcome !== 'made') throw new HotlineError('CONFLICT', undefined, { mayHaveRun: outcome === 'failed' })
      server.add(item)
      await later(server.ms)
      return item
    }
    // It stands on the function, as `mutationOptions` puts it there.
    await new MutationObserver(client, { mutationFn: Object.assign(make, { optimistic }) }).mutate().catch(() => {})
  }

  async function take(step: Step): Promise<void> {
    switch (step.do) {
      case 'add':
        return server.add(++items)
      case 'change':
        return void change(step)
      case 'look':
        return void leaves.push(observer.subscribe(() => {}))
      case 'leave':
        return leaves.pop()?.()
      case 'refetch':
        return void observer.refetch()
      case 'cancel':
        return void client.cancelQueries()
      case 'cut':
        return server.cut()
      case 'hinder':
        server.ms = Math.min(step.ms, 20)
        server.failsNext = true
        return
      case 'wait':
        await vi.advanceTimersByTimeAsync(step.ms)
    }
  }

  /** Somebody looks for a good while, and asks again where that failed. */
  async function settle() {
    server.failsNext = false
    const leave = observer.subscribe(() => {})
    await vi.advanceTimersByTimeAsync(10_000)
    if (observer.getCurrentResult().data === undefined || observer.getCurrentResult().isError) void observer.refetch()
    await vi.advanceTimersByTimeAsync(10_000)
    const { data, status, fetchStatus } = observer.getCurrentResult()
    leave()
    return { list: [...((data ?? []) as List)].sort((one, other) => one - other), status, fetchStatus }
  }

  async function end(): Promise<void> {
    for (const leave of leaves) leave()
    undo()
    client.clear()
    await vi.advanceTimersByTimeAsync(10_000)
  }
  return { take, settle, end }
}

describe('an entry of a cache that is followed', () => {
  it.each([
    ['a snapshot, changed by items', false, (server: ListServer) => snapshotOf(server, withItem)],
    ['a snapshot, read anew with each item', false, (server: ListServer) => snapshotOf(server, undefined)],
    ['what its stream says', true, (server: ListServer) => readItems((signal) => server.open(signal), last)],
  ])(
    'shows what its server has once nothing happens any more, and leaves no timer: %s',
    async (_, isWhole, queryOf) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(step, { maxLength: 10, size: 'max' }), { maxLength: 4 }), async (days) => {
          const server = new ListServer(isWhole)
          const { take, settle, end } = setUp(server, queryOf(server))
          for (const steps of days) {
            for (const step of steps) await take(step)
            const shown = await settle()
            const list = [...server.list].sort((one, other) => one - other)
            expect(shown).toEqual({ list, status: 'success', fetchStatus: 'idle' })
          }
          await end()
          expect(vi.getTimerCount()).toBe(0)
        }),
        { numRuns: 500 },
      )
    },
  )
})

function snapshotOf(server: ListServer, reduce: ((list: unknown, item: unknown) => unknown) | undefined) {
  return readQuery((signal) => server.read(signal), { open: (signal) => server.open(signal), reduce })
}

function last(_: unknown, item: unknown): unknown {
  return item
}
