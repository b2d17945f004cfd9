import { HotlineError, type Stream } from '@hotline/core'
import { retryDelay } from './retry.ts'

/** What a feed follows. */
export interface FeedSource {
  open(signal: AbortSignal): Promise<Stream<unknown, unknown>>
  /** Whether there is something to show without an item. */
  readonly hasSnapshot: boolean
  /** Whether a stream that ended with this error is opened anew, after so many failures in a row. */
  mayRetry(failures: number, error: unknown): boolean
}

/** What a feed tells who follows it. */
export interface FeedHooks {
  /** An item came; `isFirst` of its stream. */
  item(item: unknown, isFirst: boolean): void
  /** A stream has been accepted. A snapshot that was read before may lack what happened in between. */
  accepted(): void
  /** Items are missing. */
  gap(missed: number | undefined): void
  /** It was opened anew after a lost session, and nothing is missing. */
  resumed?(): void
  /** The server has ended the stream: nothing more will come, and nothing came where it `isEmpty`. */
  completed(isEmpty: boolean): void
  /** The stream can't be had, and isn't tried again. */
  failed(error: unknown): void
}

/** Lets nothing through of a stream that no longer counts. */
type Guard = <Told extends unknown[]>(hear: (...told: Told) => void) => (...told: Told) => void

/** A stream that has stood this long was no failure. */
const SETTLED_MS = 10_000

/** A stream that is opened anew where it ends for a passing reason. */
export class LiveFeed {
  readonly #source: FeedSource
  readonly #hooks: FeedHooks
  #failures = 0
  /** Aborts the stream that counts; those before it no longer have a say. */
  #abort = new AbortController()
  #retry: ReturnType<typeof setTimeout> | undefined
  #ready: Promise<void> = Promise.resolve()
  /** Ends the waiting for `#ready`, while that is to be waited for. */
  #settle: ((error?: unknown) => void) | undefined

  constructor(source: FeedSource, hooks: FeedHooks) {
    this.#source = source
    this.#hooks = hooks
  }

  open(): void {
    this.#leave()
    if (this.#settle === undefined) this.#wait()
    const abort = new AbortController()
    this.#abort = abort
    const ifItCounts: Guard =
      (hear) =>
      (...told) =>
        abort.signal.aborted || hear(...told)
    this.#source.open(abort.signal).then(
      ifItCounts((stream) => this.#accept(stream, ifItCounts)),
      ifItCounts((error: unknown) => this.#fail(error)),
    )
  }

  /** Ends the stream for good. */
  close(): void {
    this.#leave()
    this.#settle?.(new HotlineError('CANCELLED'))
  }

  /**
   * Resolves when there is something to show. With a snapshot, that may be read then: what happens from then on comes as
   * items, or there is no stream to wait for. Without, the first item of a stream has been given to the hooks, of another
   * one where this one's has been; rejects where none can be had.
   */
  ready(): Promise<void> {
    if (!this.#source.hasSnapshot && this.#settle === undefined) this.open()
    return this.#ready
  }

  #accept(stream: Stream<unknown, unknown>, ifItCounts: Guard): void {
    const since = Date.now()
    let isEmpty = true
    this.#hooks.accepted()
    if (this.#source.hasSnapshot) this.#settle?.()
    stream.on({
      next: ifItCounts((item) => {
        const isFirst = isEmpty
        isEmpty = false
        this.#failures = 0
        this.#hooks.item(item, isFirst)
        this.#settle?.()
      }),
      gap: ifItCounts((missed) => this.#hooks.gap(missed)),
      resumed: ifItCounts(() => this.#hooks.resumed?.()),
      complete: ifItCounts(() => {
        this.#hooks.completed(isEmpty)
        this.#settle?.()
      }),
      error: ifItCounts((error) => {
        if (Date.now() - since >= SETTLED_MS) this.#failures = 0
        this.#fail(error)
      }),
    })
  }

  #fail(error: unknown): void {
    if (this.#source.mayRetry(this.#failures, error)) {
      this.#retry = setTimeout(() => this.open(), retryDelay(this.#failures++, error))
    } else this.#hooks.failed(error)
    this.#settle?.(error)
  }

  #wait(): void {
    this.#ready = new Promise((resolve, reject) => {
      this.#settle = (error) => {
        this.#settle = undefined
        // A snapshot may still be read; without one there is nothing to show.
        if (error === undefined || this.#source.hasSnapshot) resolve()
        else reject(error)
      }
    })
    // Perhaps nobody waits.
    this.#ready.catch(() => {})
  }

  /** Whatever was, is over. */
  #leave(): void {
    clearTimeout(this.#retry)
    this.#abort.abort()
  }
}
