import { HotlineError, type Stream, type StreamObserver } from '@hotline/core'
import { describe, expect, it, vi } from 'vitest'
import { type SubscriptionSource, subscriptionStore } from './subscription-store.ts'

/** A subscription whose streams are accepted at once, and tell what the test tells them to. */
function setUp(source: Partial<SubscriptionSource<number>> = {}) {
  const opened: { readonly told: StreamObserver<number>; readonly signal: AbortSignal }[] = []
  const subscribe = async (signal: AbortSignal) => {
    const told: StreamObserver<number> = {}
    opened.push({ told, signal })
    const stream: Pick<Stream<number, unknown>, 'on'> = {
      on: (observer) => {
        Object.assign(told, observer)
        return () => {}
      },
    }
    return stream as Stream<number, unknown>
  }
  const store = subscriptionStore<number, HotlineError>({ subscribe, ...source })
  const last = () => opened.at(-1) ?? expect.fail('No stream was opened.')
  return { store, opened, last }
}

const turn = () => new Promise((resolve) => setTimeout(resolve))

describe('the store of a subscription', () => {
  it('is open while anybody listens, with one stream for all, and tells each of every change', async () => {
    const { store, opened, last } = setUp()
    await turn()
    expect(opened).toHaveLength(0)
    const [one, other] = [vi.fn(), vi.fn()]
    const leave = [store.subscribe(one), store.subscribe(other)]
    await turn()
    expect(opened).toHaveLength(1)
    expect(store.get()).toMatchObject({ status: 'open', data: undefined, error: null, missed: 0 })
    one.mockClear()
    last().told.next?.(7)
    expect(store.get().data).toBe(7)
    expect(one).toHaveBeenCalledTimes(1)
    leave[0]?.()
    await turn()
    expect(last().signal.aborted).toBe(false)
    leave[1]?.()
    await turn()
    expect(last().signal.aborted).toBe(true)
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a path', 'tasks.changes'],
    ['a function', () => {}],
    ['the promise of a stream', Promise.resolve()],
    ['a "subscribe" that is none', { subscribe: 'tasks.changes' }],
  ])('is made of no %s, of which nothing would come, without a word', (_, source) => {
    // What has no types may do all of this.
    expect(() => subscriptionStore(source as never)).toThrow(
      new TypeError('A subscription needs { subscribe }, a function, as subscriptionOptions() gives it.'),
    )
  })

  it('is idle where its input was skipped', async () => {
    const { store, opened } = setUp({ subscribe: undefined })
    const leave = store.subscribe(() => {})
    await turn()
    expect([store.get().status, opened]).toEqual(['idle', []])
    leave()
  })

  it('counts what is missing, for as long as anybody knows how much', async () => {
    const onGap = vi.fn()
    const { store, last } = setUp({ onGap })
    const leave = store.subscribe(() => {})
    await turn()
    for (const [missed, sum] of [
      [2, 2],
      [3, 5],
      [undefined, undefined],
      [1, undefined],
    ] as const) {
      last().told.gap?.(missed)
      expect(store.get().missed).toBe(sum)
    }
    expect(onGap.mock.calls).toEqual([[2], [3], [undefined], [1]])
    leave()
  })

  it('leaves its error to the page, and opens another stream when told to', async () => {
    const { store, opened, last } = setUp()
    const leave = store.subscribe(() => {})
    await turn()
    const error = new HotlineError('INTERNAL', { id: 'x' })
    last().told.error?.(error)
    expect(store.get()).toMatchObject({ status: 'error', error })
    store.get().restart()
    expect(store.get()).toMatchObject({ status: 'connecting', error: null })
    await turn()
    expect(store.get().status).toBe('open')
    expect(opened).toHaveLength(2)
    leave()
  })

  it('opens one stream for who comes, goes and comes again within a turn, and none for who goes', async () => {
    const { store, opened, last } = setUp()
    store.subscribe(() => {})()
    const leave = store.subscribe(() => {})
    await turn()
    expect(opened).toHaveLength(1)
    leave()
    store.subscribe(() => {})()
    await turn()
    expect(opened).toHaveLength(1)
    expect(last().signal.aborted).toBe(true)
  })

  it('is restarted by who hears that it is open, and left by who hears of an item', async () => {
    const { store, opened, last } = setUp()
    const heard: string[] = []
    const leave = store.subscribe(() => {
      heard.push(store.get().status)
      if (store.get().status === 'open' && opened.length === 1) store.get().restart()
      if (store.get().data === 7) leave()
    })
    const leaveOther = store.subscribe(() => {})
    await turn()
    expect(heard).toEqual(['connecting', 'open', 'connecting', 'open'])
    expect(opened.map(({ signal }) => signal.aborted)).toEqual([true, false])
    last().told.next?.(7)
    last().told.next?.(8)
    expect(heard).toHaveLength(5)
    leaveOther()
    await turn()
    expect(last().signal.aborted).toBe(true)
  })

  it('opens, and tells the others, where one who listens throws', async () => {
    const thrown: unknown[] = []
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (reason) => thrown.push(reason))
    const { store, last } = setUp()
    const leave = store.subscribe(() => {
      throw store.get().status
    })
    const heard = vi.fn()
    const leaveOther = store.subscribe(heard)
    await turn()
    last().told.next?.(7)
    await turn()
    expect(heard).toHaveBeenCalledTimes(3)
    expect(thrown).toEqual(['connecting', 'open', 'open'])
    leave()
    leaveOther()
    process.removeAllListeners('uncaughtException')
    for (const other of others) process.on('uncaughtException', other)
  })

  it('opens its next stream with the function that it has then', async () => {
    const { store, opened, last } = setUp()
    const leave = store.subscribe(() => {})
    await turn()
    const subscribe = vi.fn(() => new Promise<never>(() => {}))
    store.update({ subscribe })
    expect(subscribe).not.toHaveBeenCalled()
    last().told.error?.(new HotlineError('INTERNAL', { id: 'x' }))
    store.get().restart()
    expect([opened.length, subscribe.mock.calls.length]).toEqual([1, 1])
    leave()
  })

  it('tells the functions that it has now', async () => {
    const first = vi.fn()
    const { store, last } = setUp({ onItem: first })
    const leave = store.subscribe(() => {})
    await turn()
    const latest = vi.fn()
    store.update({ subscribe: undefined, onItem: latest })
    last().told.next?.(1)
    expect([first.mock.calls, latest.mock.calls]).toEqual([[], [[1]]])
    leave()
  })

  it.each([{ enabled: false }, { subscribe: undefined }])('opens nothing with %o', async (source) => {
    const { store, opened } = setUp(source)
    const leave = store.subscribe(() => {})
    await turn()
    store.get().restart()
    expect(store.get().status).toBe('idle')
    expect(opened).toHaveLength(0)
    leave()
  })
})
