import { HotlineError, type Stream, type StreamObserver } from '@hotline/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FollowObserver, follow } from './follow.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

/** Streams that follow each other, in the test's hands: accepted when it says so, and telling what it tells them to. */
function setUp(
  { accepted, error }: FollowObserver<unknown> = {},
  isPassing?: (failures: number, error: unknown) => boolean,
) {
  const told: string[] = []
  const opened: {
    accept(): Promise<StreamObserver<unknown>>
    refuse(error: HotlineError): Promise<void>
    signal: AbortSignal
  }[] = []
  const following = follow<unknown>(
    (signal) =>
      new Promise((resolve, reject) => {
        const accept = async () => {
          const observer: StreamObserver<unknown> = {}
          resolve(streamFor(observer))
          await vi.advanceTimersByTimeAsync(0)
          return observer
        }
        const refuse = async (error: HotlineError) => {
          reject(error)
          await vi.advanceTimersByTimeAsync(0)
        }
        opened.push({ accept, refuse, signal })
      }),
    {
      accepted() {
        told.push('accepted')
        accepted?.()
      },
      next: (item) => told.push(`item ${item}`),
      gap: (missed) => told.push(`gap ${missed}`),
      complete: () => told.push('complete'),
      error(reason) {
        told.push(reason.code)
        error?.(reason)
      },
    },
    isPassing,
  )
  const last = () => {
    const stream = opened.at(-1)
    if (stream === undefined) throw new Error('No stream was opened.')
    return stream
  }
  return { following, told, opened, last }
}

/** A stream that tells its one observer what it is told, until that has gone. */
function streamFor(told: StreamObserver<unknown>): Stream<unknown, unknown> {
  const unread = () => {
    throw new Error('Who follows a stream observes it.')
  }
  return {
    on: (observer) => {
      Object.assign(told, observer)
      return () => {
        for (const word of Object.keys(observer)) Reflect.deleteProperty(told, word)
      }
    },
    result: new Promise(() => {}),
    toReadableStream: unread,
    [Symbol.asyncIterator]: unread,
    [Symbol.asyncDispose]: async () => {},
  }
}

const internal = () => new HotlineError('INTERNAL', { id: 'x' })

describe('follow', () => {
  it.each([
    ['nothing', undefined],
    ['an answer', [{ title: 'milk' }]],
  ])('says that what it opens is no stream where that is %s', async (_, answer) => {
    const [error, accepted] = [vi.fn(), vi.fn()]
    // What has no types calls a query, say.
    follow(async () => answer as unknown as Stream<unknown, unknown>, { error, accepted })
    await vi.advanceTimersByTimeAsync(0)
    expect(accepted).not.toHaveBeenCalled()
    expect(error.mock.calls).toEqual([[new TypeError('What was opened is no stream: follow a subscription.')]])
  })

  it('takes for no passing error one that `isPassing` throws at, and throws that on, alone', async () => {
    using thrown = catchThrown()
    const { told, opened, last } = setUp({}, () => {
      throw new Error('from isPassing')
    })
    await last().refuse(internal())
    await vi.advanceTimersByTimeAsync(60_000)
    expect(told).toEqual(['INTERNAL'])
    expect(opened).toHaveLength(1)
    expect(thrown.reasons).toEqual([new Error('from isPassing')])
  })

  it('hands on what its stream tells', async () => {
    const { told, last } = setUp()
    const stream = await last().accept()
    stream.next?.(1)
    stream.next?.(2)
    stream.gap?.(3)
    stream.complete?.()
    expect(told).toEqual(['accepted', 'item 1', 'item 2', 'gap 3', 'complete'])
  })

  it('opens its stream anew after a passing error, later each time, and gives up after three in a row', async () => {
    const { told, opened, last } = setUp()
    await last().refuse(internal())
    for (const [count, waitMs] of [1000, 2000, 4000].entries()) {
      await vi.advanceTimersByTimeAsync(waitMs - 1)
      expect(opened).toHaveLength(count + 1)
      await vi.advanceTimersByTimeAsync(1)
      expect(opened).toHaveLength(count + 2)
      await last().refuse(internal())
    }
    expect(told).toEqual(['INTERNAL'])
  })

  it('counts anew after an item, and after a stream that stood for a while', async () => {
    const { told, opened, last } = setUp()
    for (let n = 1; n <= 6; n++) {
      const stream = await last().accept()
      if (n % 2 === 0) stream.next?.(n)
      else await vi.advanceTimersByTimeAsync(10_000)
      stream.error?.(internal())
      await vi.advanceTimersByTimeAsync(1000)
      expect(opened).toHaveLength(n + 1)
    }
    expect(told).not.toContain('INTERNAL')
  })

  it('gives up at once where it is refused for good', async () => {
    const { told, opened, last } = setUp()
    await last().refuse(new HotlineError('FORBIDDEN'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect([told, opened.length]).toEqual([['FORBIDDEN'], 1])
  })

  it('hears nothing more of a stream that it has left', async () => {
    const { following, told, last } = setUp()
    const stream = await last().accept()
    const { signal } = last()
    following.close()
    expect(signal.aborted).toBe(true)
    stream.next?.(1)
    stream.error?.(new HotlineError('CANCELLED'))
    expect(told).toEqual(['accepted'])
  })

  it('opens no other stream once it is closed', async () => {
    const { following, opened, last } = setUp()
    await last().refuse(internal())
    following.close()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(opened).toHaveLength(1)
  })

  it('hears no other stream either that was on its way when it was left, and none that is left as it is accepted', async () => {
    const { following, told, last } = setUp({ accepted: () => following.close() })
    const onItsWay = last()
    following.open()
    await onItsWay.accept()
    expect(told).toEqual([])
    const stream = await last().accept()
    stream.next?.(1)
    expect(told).toEqual(['accepted'])
  })

  it('opens no other stream where it is closed by who is asked whether to', async () => {
    const { following, opened, last } = setUp({}, () => {
      following.close()
      return true
    })
    await last().refuse(internal())
    await vi.advanceTimersByTimeAsync(60_000)
    expect(opened).toHaveLength(1)
  })

  it('tells of an opening that throws as of one that is refused', async () => {
    const error = vi.fn()
    const reason = new TypeError('There is nothing to open.')
    const open = () => {
      throw reason
    }
    follow(open, { error })
    await vi.advanceTimersByTimeAsync(0)
    expect(error).toHaveBeenCalledExactlyOnceWith(reason)
  })

  it('tells an observer whose functions are those of a class', async () => {
    const told: string[] = []
    class Watcher implements FollowObserver<unknown> {
      readonly #told = told
      gap(missed?: number) {
        this.#told.push(`gap ${missed}`)
      }
      resumed() {
        this.#told.push('resumed')
      }
      complete() {
        this.#told.push('complete')
      }
    }
    const stream: StreamObserver<unknown> = {}
    follow(async () => streamFor(stream), new Watcher())
    await vi.advanceTimersByTimeAsync(0)
    stream.gap?.(1)
    stream.resumed?.()
    stream.complete?.()
    expect(told).toEqual(['gap 1', 'resumed', 'complete'])
  })

  it('goes on when its observer throws, which is thrown on, alone', async () => {
    using thrown = catchThrown()
    const { told, last } = setUp({
      accepted() {
        throw 'at its acceptance'
      },
      error() {
        throw 'at its error'
      },
    })
    const stream = await last().accept()
    stream.next?.(1)
    stream.error?.(new HotlineError('FORBIDDEN'))
    await vi.advanceTimersByTimeAsync(0)
    expect(told).toEqual(['accepted', 'item 1', 'FORBIDDEN'])
    expect(thrown.reasons).toEqual(['at its acceptance', 'at its error'])
  })
})

/** What is thrown on meanwhile, instead of the end of the process. */
function catchThrown(): Disposable & { readonly reasons: unknown[] } {
  const reasons: unknown[] = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (reason) => reasons.push(reason))
  return {
    reasons,
    [Symbol.dispose]() {
      process.removeAllListeners('uncaughtException')
      for (const other of others) process.on('uncaughtException', other)
    },
  }
}
