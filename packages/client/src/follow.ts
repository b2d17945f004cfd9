import { type HotlineError, mayRetry, retryDelay, type Stream, type StreamObserver } from '@hotline/core'
import { isolate } from '@hotline/core/internal'

/** What is told of the streams that follow each other. `error`: none can be had, and none is tried again. */
export interface FollowObserver<Item> extends StreamObserver<Item> {
  /** A stream has been accepted. Where another was before it, what happened in between may be missing. */
  accepted?(): void
}

/** A stream that is opened anew where it ends for a passing reason. */
export interface Following {
  /** Leaves the stream for another one. */
  open(): void
  /** Ends the stream: nothing more is told, and nothing opened anew by itself. */
  close(): void
}

/** As much of a stream as is used. */
type Opened<Item> = Pick<Stream<Item, unknown>, 'on'>

type OpenStream<Item> = (signal: AbortSignal) => Promise<Opened<Item>>

/** A stream that has stood this long was no failure. */
const SETTLED_MS = 10_000

/**
 * Opens a stream, and another one where it ends with a passing error, until it is closed:
 * `follow((signal) => api.tasks.changes(undefined, { signal }), { next: show })`. A lost connection is none: a stream outlives it by
 * itself. `isPassing` says whether a stream is opened anew, after so many failures in a row.
 */
export function follow<Item>(
  openStream: OpenStream<Item>,
  observer: FollowObserver<Item>,
  isPassing: (failures: number, error: unknown) => boolean = mayRetry,
): Following {
  let failures = 0
  /** Aborts the stream that counts; those before it no longer have a say. */
  let abort = new AbortController()
  let ignore: (() => void) | undefined
  let retry: ReturnType<typeof setTimeout> | undefined

  open()
  return { open, close }

  function open(): void {
    close()
    abort = new AbortController()
    const { signal } = abort
    const fail = (error: HotlineError) => {
      if (signal.aborted) return
      let waitMs: number | undefined
      isolate(() => {
        if (isPassing(failures, error)) waitMs = retryDelay(failures, error)
      })
      if (waitMs === undefined) return isolate(() => observer.error?.(error))
      if (signal.aborted) return
      failures++
      retry = setTimeout(open, waitMs)
    }
    streamOf(openStream, signal).then((stream) => {
      if (signal.aborted) return
      const since = Date.now()
      isolate(() => observer.accepted?.())
      if (signal.aborted) return
      ignore = stream.on({
        gap: (missed) => observer.gap?.(missed),
        resumed: () => observer.resumed?.(),
        complete: () => observer.complete?.(),
        next(item) {
          failures = 0
          observer.next?.(item)
        },
        error(error) {
          if (Date.now() - since >= SETTLED_MS) failures = 0
          fail(error)
        },
      })
    }, fail)
  }

  function close(): void {
    clearTimeout(retry)
    ignore?.()
    abort.abort()
  }
}

/** What it throws is as what it rejects with. Who has no types may call a query, which has an answer. */
async function streamOf<Item>(openStream: OpenStream<Item>, signal: AbortSignal): Promise<Opened<Item>> {
  const stream: Partial<Opened<Item>> | undefined = await openStream(signal)
  if (typeof stream?.on === 'function') return stream as Opened<Item> // it has all that there is of one
  throw new TypeError('What was opened is no stream: follow a subscription.')
}
