import { HotlineError, type StreamObserver } from '@hotline/client'
import type { LiveSpec } from './live-spec.ts'
import { mayRetry, retryDelay } from './retry.ts'

/** What a feed tells who follows it, beside what its streams tell. `error`: none can be had, and none is tried again. */
export interface FeedObserver extends StreamObserver<unknown> {
  /** A stream has been accepted. A snapshot that was read before may lack what happened in between. */
  accepted(): void
}

/** A stream that is opened anew where it ends for a passing reason. */
export interface LiveFeed {
  /** Leaves the stream for another one. */
  open(): void
  /** Ends the stream for good. */
  close(): void
  /**
   * Resolves when there is something to show, or to why there isn't. That is a snapshot which may be read: what happens
   * from then on comes as items, or there is no stream to wait for. Where items are all there is, it is the first one of a
   * stream, of another one where this one's has been.
   */
  ready(): Promise<unknown>
}

/** A stream that has stood this long was no failure. */
const SETTLED_MS = 10_000

/** Opens a stream, for as long as it isn't closed. `isPassing` says whether a stream that ended with an error is opened anew, after so many failures in a row. */
export function openFeed(
  source: Pick<LiveSpec, 'open' | 'isWhole'>,
  observer: FeedObserver,
  isPassing: (failures: number, error: unknown) => boolean = mayRetry,
): LiveFeed {
  let failures = 0
  /** Aborts the stream that counts; those before it no longer have a say. */
  let abort = new AbortController()
  let ignore: (() => void) | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let ready: Promise<unknown>
  /** Ends the waiting for `ready`, while that is to be waited for. */
  let settle: ((reason?: unknown) => void) | undefined

  open()
  return {
    open,
    close() {
      leave()
      settle?.(new HotlineError('CANCELLED'))
    },
    ready() {
      if (source.isWhole && settle === undefined) open()
      return ready
    },
  }

  function open(): void {
    leave()
    abort = new AbortController()
    const { signal } = abort
    const fail = (error: HotlineError) => {
      if (signal.aborted) return
      if (isPassing(failures, error)) retry = setTimeout(open, retryDelay(failures++, error))
      else observer.error?.(error)
      settle?.(error)
    }
    ready = new Promise((resolve) => {
      settle = (reason) => {
        settle = undefined
        resolve(reason)
      }
    })
    source.open(signal).then((stream) => {
      if (signal.aborted) return
      const since = Date.now()
      observer.accepted()
      if (!source.isWhole) settle?.()
      ignore = stream.on({
        ...observer,
        next(item) {
          failures = 0
          observer.next?.(item)
          settle?.()
        },
        complete() {
          observer.complete?.()
          settle?.()
        },
        error(error) {
          if (Date.now() - since >= SETTLED_MS) failures = 0
          fail(error)
        },
      })
    }, fail)
  }

  /** Whatever was, is over. */
  function leave(): void {
    clearTimeout(retry)
    ignore?.()
    abort.abort()
  }
}
