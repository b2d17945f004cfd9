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

type State =
  | { readonly name: 'opening' }
  | { readonly name: 'open'; readonly since: number; readonly hasItem: boolean }
  /** Until the next attempt. */
  | { readonly name: 'waiting'; readonly timer: ReturnType<typeof setTimeout> }
  | { readonly name: 'completed' | 'failed' | 'closed' }

interface Waiter {
  resolve(): void
  reject(error: unknown): void
}

/** A stream that has stood this long was no failure. */
const SETTLED_MS = 10_000

/** A stream that is opened anew where it ends for a passing reason. */
export class LiveFeed {
  readonly #source: FeedSource
  readonly #hooks: FeedHooks
  #state: State = { name: 'opening' }
  #failures = 0
  /** Aborts the stream that counts; those before it no longer have a say. */
  #abort = new AbortController()
  #waiters: Waiter[] = []

  constructor(source: FeedSource, hooks: FeedHooks) {
    this.#source = source
    this.#hooks = hooks
  }

  /** Whether a query function waits for this feed. */
  get isAwaited(): boolean {
    return this.#waiters.length > 0
  }

  open(): void {
    this.#leave({ name: 'opening' })
    const abort = this.#abort
    this.#source.open(abort.signal).then(
      (stream) => abort === this.#abort && this.#accept(stream, abort),
      (error: unknown) => abort === this.#abort && this.#fail(error),
    )
  }

  /** Ends the stream for good. */
  close(): void {
    this.#leave({ name: 'closed' })
    this.#giveUp(new HotlineError('CANCELLED'))
  }

  /** Resolves when a snapshot may be read: what happens from then on comes as items, or there is no stream to wait for. */
  async ready(): Promise<void> {
    if (this.#state.name === 'opening') await this.#turn()
  }

  /**
   * Resolves when the first item of a stream has been given to the hooks, of another one where this one's has been.
   * Rejects where none can be had.
   */
  async first(): Promise<void> {
    if (this.#state.name === 'closed') throw new HotlineError('CANCELLED')
    const isNew = this.#state.name === 'opening' || (this.#state.name === 'open' && !this.#state.hasItem)
    if (!isNew) this.open()
    await this.#turn()
  }

  #turn(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }))
  }

  #accept(stream: Stream<unknown, unknown>, abort: AbortController): void {
    this.#state = { name: 'open', since: Date.now(), hasItem: false }
    this.#hooks.accepted()
    if (this.#source.hasSnapshot) this.#wake()
    const whileItCounts = (tell: () => void) => abort === this.#abort && tell()
    stream.on({
      next: (item) => whileItCounts(() => this.#take(item)),
      gap: (missed) => whileItCounts(() => this.#hooks.gap(missed)),
      resumed: () => whileItCounts(() => this.#hooks.resumed?.()),
      complete: () => whileItCounts(() => this.#complete()),
      error: (error) => whileItCounts(() => this.#fail(error)),
    })
  }

  #take(item: unknown): void {
    if (this.#state.name !== 'open') return
    const isFirst = !this.#state.hasItem
    this.#state = { ...this.#state, hasItem: true }
    this.#failures = 0
    this.#hooks.item(item, isFirst)
    if (!this.#source.hasSnapshot) this.#wake()
  }

  #complete(): void {
    const isEmpty = this.#state.name === 'open' && !this.#state.hasItem
    this.#leave({ name: 'completed' })
    this.#hooks.completed(isEmpty)
    this.#wake()
  }

  #fail(error: unknown): void {
    if (this.#state.name === 'open' && Date.now() - this.#state.since >= SETTLED_MS) this.#failures = 0
    if (this.#source.mayRetry(this.#failures, error)) {
      const timer = setTimeout(() => this.open(), retryDelay(this.#failures++, error))
      this.#leave({ name: 'waiting', timer })
    } else {
      this.#leave({ name: 'failed' })
      this.#hooks.failed(error)
    }
    this.#giveUp(error)
  }

  /** A snapshot may still be read; without one there is nothing to show. */
  #giveUp(error: unknown): void {
    if (this.#source.hasSnapshot) return this.#wake()
    for (const { reject } of this.#waiters.splice(0)) reject(error)
  }

  #wake(): void {
    for (const { resolve } of this.#waiters.splice(0)) resolve()
  }

  /** Whatever was, is over. */
  #leave(next: State): void {
    if (this.#state.name === 'waiting') clearTimeout(this.#state.timer)
    this.#state = next
    const last = this.#abort
    this.#abort = new AbortController()
    last.abort()
  }
}
