import { HotlineError, type Stream, type StreamObserver } from '@hotline/core'
import { QueryClient, QueryObserver } from '@tanstack/query-core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { attachLive } from './attach-live.ts'
import { readItems, readQuery } from './read-query.ts'

beforeEach(() => void vi.stubGlobal('window', globalThis))
afterEach(() => void vi.unstubAllGlobals())

/** A cache that is attached, and streams that are accepted, refused and told of items when the test says so. */
function setUp() {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const opened: { accept(): Promise<StreamObserver<unknown>>; refuse(error: HotlineError): void }[] = []
  const open = () =>
    new Promise<Stream<unknown, unknown>>((resolve, reject) => {
      const accept = async () => {
        const observer: StreamObserver<unknown> = {}
        resolve(streamFor(observer))
        await turn()
        return observer
      }
      opened.push({ accept, refuse: reject })
    })
  const last = () => opened.at(-1) ?? expect.fail('No stream was opened.')
  const order: string[] = []
  const read = async () => {
    order.push('read')
    return 'snapshot'
  }
  const observe = (queryFn: ReturnType<typeof readQuery>) => {
    const observer = new QueryObserver(client, { queryKey: ['it'], queryFn })
    const leave = observer.subscribe(() => {})
    return { state: () => observer.getCurrentResult(), refetch: () => observer.refetch(), leave }
  }
  return { client, opened, open, last, order, read, observe, undo: attachLive(client) }
}

/** A stream that is observed, or read for its first item, which says so. */
function streamFor(told: StreamObserver<unknown>): Stream<unknown, unknown> {
  return {
    on: (observer) => {
      Object.assign(told, observer)
      return () => {}
    },
    result: new Promise(() => {}),
    toReadableStream: () => expect.fail('Nobody reads it so.'),
    async *[Symbol.asyncIterator]() {
      yield 'its first item'
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve))

type Stage = ReturnType<typeof setUp>

describe('a snapshot', () => {
  it.each([
    ['accepted', async ({ last }: Stage) => void (await last().accept())],
    ['refused', async ({ last }: Stage) => last().refuse(new HotlineError('FORBIDDEN'))],
    ['given up', async ({ undo }: Stage) => undo()],
  ])('is read when its stream is %s', async (_, decide) => {
    const stage = setUp()
    const { open, read, order, observe, client, undo } = stage
    const { state } = observe(readQuery(read, { open, reduce: undefined }))
    await turn()
    order.push('decided')
    await decide(stage)
    await expect.poll(() => state().data).toBe('snapshot')
    expect(order).toEqual(['decided', 'read'])
    undo()
    client.clear()
  })
})

describe('a snapshot that was left while it was read', () => {
  it('is read a second later for who has come back, though an item had made what it lacks look fresh', async () => {
    const { client, open, last, observe, undo } = setUp()
    const answers: ((list: number[]) => void)[] = []
    const read = () => new Promise<number[]>((resolve) => answers.push(resolve))
    const queryFn = readQuery(read, { open, reduce: (list, item) => [...(list as number[]), item] })
    client.setDefaultOptions({ queries: { staleTime: Number.POSITIVE_INFINITY } })
    client.setQueryData(['it'], [1])
    await client.invalidateQueries()
    const { leave } = observe(queryFn)
    const stream = await last().accept()
    vi.useFakeTimers()
    stream.next?.(3)
    expect(client.getQueryData(['it'])).toEqual([1, 3])
    leave()
    const { state } = observe(queryFn)
    await vi.advanceTimersByTimeAsync(1_000)
    answers.at(-1)?.([1, 2, 3])
    await vi.advanceTimersByTimeAsync(0)
    expect(state()).toMatchObject({ data: [1, 2, 3], fetchStatus: 'idle' })
    expect(answers).toHaveLength(2)
    vi.useRealTimers()
    undo()
    client.clear()
  })
})

describe('what only items say', () => {
  const last = (_: unknown, item: unknown) => item

  it('is the first item of the stream that is opening, and of another one when it is asked for again', async () => {
    const stage = setUp()
    const { state, refetch } = stage.observe(readItems(stage.open, last))
    ;(await stage.last().accept()).next?.('a')
    await expect.poll(() => state()).toMatchObject({ data: 'a', fetchStatus: 'idle' })
    const again = refetch()
    await turn()
    expect(stage.opened).toHaveLength(2)
    expect(state()).toMatchObject({ data: 'a', fetchStatus: 'fetching' })
    ;(await stage.last().accept()).next?.('b')
    expect((await again).data).toBe('b')
    stage.undo()
    stage.client.clear()
  })

  it('comes from the stream that its latest options open', async () => {
    const stage = setUp()
    const opened: string[] = []
    const options = (name: string) => {
      const open = () => {
        opened.push(name)
        return stage.open()
      }
      return { queryKey: ['it'], queryFn: readItems(open, last) }
    }
    const observer = new QueryObserver(stage.client, options('first'))
    observer.subscribe(() => {})
    ;(await stage.last().accept()).next?.('a')
    observer.setOptions(options('second'))
    void observer.refetch()
    await turn()
    expect(opened).toEqual(['first', 'second'])
    stage.undo()
    stage.client.clear()
  })

  it('is sound again with an item of a later stream, though that says what the last one said', async () => {
    const stage = setUp()
    const { state, refetch } = stage.observe(readItems(stage.open, last))
    ;(await stage.last().accept()).next?.(5)
    await expect.poll(() => state().data).toBe(5)
    vi.useFakeTimers()
    void refetch()
    await vi.advanceTimersByTimeAsync(0)
    stage.last().refuse(new HotlineError('TOO_MANY_STREAMS'))
    await vi.advanceTimersByTimeAsync(0)
    expect(state()).toMatchObject({ status: 'error', data: 5, error: { code: 'TOO_MANY_STREAMS' } })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(stage.opened).toHaveLength(3)
    vi.useRealTimers()
    ;(await stage.last().accept()).next?.(5)
    expect(state()).toMatchObject({ status: 'success', data: 5, error: null })
    stage.undo()
    stage.client.clear()
  })

  it('fails as its stream does', async () => {
    const stage = setUp()
    const { state } = stage.observe(readItems(stage.open, last))
    stage.last().refuse(new HotlineError('FORBIDDEN'))
    await expect.poll(() => state().error).toMatchObject({ code: 'FORBIDDEN' })
    stage.undo()
    stage.client.clear()
  })

  it('is read from a stream of its own where nobody follows the cache any more', async () => {
    const stage = setUp()
    const { state } = stage.observe(readItems(stage.open, last))
    await turn()
    stage.undo()
    await turn()
    expect(stage.opened).toHaveLength(2)
    await stage.last().accept()
    await expect.poll(() => state().data).toBe('its first item')
    stage.client.clear()
  })

  it('is read from a stream of its own where its entry follows a snapshot', async () => {
    const stage = setUp()
    stage.observe(readQuery(stage.read, { open: stage.open, reduce: undefined }))
    await stage.last().accept()
    const { state, refetch } = stage.observe(readItems(stage.open, last))
    expect(state().data).toBe('snapshot')
    const again = refetch()
    await turn()
    await stage.last().accept()
    expect(await again).toMatchObject({ status: 'success', data: 'its first item' })
    stage.undo()
    stage.client.clear()
  })

  it('is what the new stream said last, where the cache was attached anew while it was being read', async () => {
    const stage = setUp()
    const { state } = stage.observe(readItems(stage.open, last))
    stage.undo()
    const undo = attachLive(stage.client)
    await turn()
    expect(state()).toMatchObject({ status: 'pending', fetchStatus: 'fetching' })
    const [, followed, read] = stage.opened
    ;(await followed?.accept())?.next?.('a later item')
    await read?.accept()
    await expect.poll(() => state()).toMatchObject({ status: 'success', fetchStatus: 'idle', data: 'a later item' })
    undo()
    stage.client.clear()
  })

  it('does not keep a plain read of its entry from what it reads', async () => {
    const stage = setUp()
    vi.useFakeTimers()
    const live = stage.observe(readItems(stage.open, last))
    stage.last().refuse(new HotlineError('FORBIDDEN'))
    await vi.advanceTimersByTimeAsync(0)
    expect(live.state().error).toMatchObject({ code: 'FORBIDDEN' })
    live.leave()
    const plain = stage.observe(readQuery(stage.read))
    await vi.advanceTimersByTimeAsync(0)
    expect(plain.state()).toMatchObject({ data: 'snapshot', error: null })
    vi.useRealTimers()
    stage.undo()
    stage.client.clear()
  })
})
