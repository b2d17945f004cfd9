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
