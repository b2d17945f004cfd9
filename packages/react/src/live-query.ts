import type { HotlineError } from '@hotline/core'
import type { Query, QueryCacheNotifyEvent } from '@tanstack/query-core'
import type { Layer } from './layer.ts'
import { LiveFeed } from './live-feed.ts'
import { type LiveSpec, liveSpecIn } from './live-spec.ts'
import { mayRetry } from './retry.ts'
import { ShownValue } from './shown-value.ts'

/** What has changed a query's state. */
type Action = Extract<QueryCacheNotifyEvent, { type: 'updated' }>['action']

/** How long a stream waits for its first observer: React may show what Suspense waited for a good while later. */
const FIRST_LOOK_MS = 1_000

/** A query that is live, or that shows changes which the server hasn't confirmed. */
export class LiveQuery {
  readonly shown: ShownValue
  readonly #query: Query
  readonly #lingerMs: number
  #spec: LiveSpec | undefined
  #feed: LiveFeed | undefined
  /** Which stream that is, or was. */
  #feedId: string | undefined
  #linger: ReturnType<typeof setTimeout> | undefined
  #hasBeenObserved = false
  /** Whether the items of the last stream are all there will be, until somebody asks anew. */
  #isComplete = false
  /** Items that came since the read that is under way began: its result may lack them. */
  #since: unknown[] = []
  /** Why the stream can't be had. */
  #failure: unknown
  /** Whether a read waits for the stream. */
  #isAwaited = false
  /** Whether what a read that is under way gives will be too old. */
  #mustReadAgain = false

  constructor(query: Query, lingerMs: number) {
    this.shown = new ShownValue(query)
    this.#query = query
    this.#lingerMs = lingerMs
  }

  /** Opens the stream where somebody looks, and closes it when nobody has looked for a while. */
  sync(): void {
    const spec = specOf(this.#query)
    if (spec === undefined) return this.#leaveSoon()
    clearTimeout(this.#linger)
    this.#linger = undefined
    this.#hasBeenObserved ||= this.#query.observers.length > 0
    // Its functions may be of a later render.
    this.#spec = spec
    const isSame = this.#feedId === spec.id
    if (isSame && (this.#feed !== undefined || this.#isComplete)) return
    this.#feed?.close()
    this.#feed = this.#newFeed(spec)
    this.#feedId = spec.id
    this.#feed.open()
  }

  /** A query function begins. Resolves when it may read its snapshot; where there is none, to what the items came to. */
  async begin(): Promise<unknown> {
    const hasSnapshot = this.#spec?.hasSnapshot !== false
    this.#isComplete = false
    if (this.#spec !== undefined && this.#feed === undefined) this.sync()
    if (hasSnapshot) {
      this.#isAwaited = true
      await this.#feed?.ready()
      this.#isAwaited = false
    }
    this.shown.readBegins()
    this.#since = []
    if (hasSnapshot) return undefined
    await this.#feed?.ready()
    return this.#query.state.data
  }

  /** The query's state is another, and not by what this writes. */
  hear(action: Action): void {
    const { type } = action
    if (type === 'success' && action.manual !== true) this.#arrived()
    else if (type === 'success' || type === 'setState') this.shown.replaced()
    else if (type !== 'error') return
    if (!this.#mustReadAgain) return
    this.#mustReadAgain = false
    // TanStack is in the middle of telling everybody.
    queueMicrotask(() => this.read())
  }

  /** Reads the server's value anew, once for all who ask meanwhile. Where nobody looks, whoever looks next does. */
  read(): void {
    if (this.#query.observers.length === 0) return this.#query.invalidate()
    if (this.#query.state.fetchStatus === 'idle') void this.#query.fetch().catch(() => {})
    else this.#mustReadAgain = true
  }

  /** A change was made that the value may not have yet. */
  confirm(layer: Layer): void {
    if (!this.shown.has(layer)) return
    if (this.#query.observers.length === 0) this.shown.settle(layer)
    this.read()
  }

  close(): void {
    clearTimeout(this.#linger)
    this.#feed?.close()
    this.#feed = undefined
    this.#hasBeenObserved = false
  }

  /** A read has given what the cache now holds. */
  #arrived(): void {
    const { reduce, hasSnapshot } = this.#spec ?? {}
    const items = this.#since
    this.#since = []
    const snapshot = hasSnapshot === false ? this.shown.server : this.#query.state.data
    this.shown.read(reduce === undefined ? snapshot : items.reduce(reduce, snapshot))
    if (this.#failure !== undefined) this.#showFailure()
  }

  #newFeed(spec: LiveSpec): LiveFeed {
    const { open, hasSnapshot } = spec
    return new LiveFeed(
      { open, hasSnapshot, mayRetry },
      {
        item: (item, isFirst) => this.#take(item, isFirst),
        accepted: () => {
          this.#failure = undefined
          if (hasSnapshot && !this.#isAwaited) this.read()
        },
        // Where the items are all there is, the next one says it all.
        gap: () => hasSnapshot && this.read(),
        completed: (isEmpty) => {
          this.#isComplete = !hasSnapshot
          if (isEmpty && !hasSnapshot) this.shown.push(() => spec.initial)
        },
        failed: (error) => {
          this.#failure = error
          this.#showFailure()
        },
      },
    )
  }

  #take(item: unknown, isFirst: boolean): void {
    const { reduce, hasSnapshot, initial } = this.#spec ?? {}
    if (reduce === undefined) return this.read()
    if (!hasSnapshot) return this.shown.push((value) => reduce(isFirst ? initial : value, item))
    if (this.#query.state.fetchStatus !== 'idle') this.#since.push(item)
    this.shown.push((value) => (value === undefined ? undefined : reduce(value, item)))
  }

  /** The value stays, and the query says what is wrong: nobody shall take for live what isn't. */
  #showFailure(): void {
    const errorUpdateCount = this.#query.state.errorUpdateCount + 1
    // Streams fail with nothing else.
    const error = this.#failure as HotlineError
    this.shown.write(() =>
      this.#query.setState({ status: 'error', error, errorUpdatedAt: Date.now(), errorUpdateCount }),
    )
  }

  #leaveSoon(): void {
    if (this.#feed === undefined || this.#linger !== undefined) return
    const lingerMs = this.#hasBeenObserved ? this.#lingerMs : Math.max(this.#lingerMs, FIRST_LOOK_MS)
    this.#linger = setTimeout(() => {
      this.#linger = undefined
      this.close()
    }, lingerMs)
  }
}

/** The stream that a query wants at the moment: an observer's, or that of a read which nobody observes yet. */
export function specOf(query: Query): LiveSpec | undefined {
  for (const { options } of query.observers) {
    const isEnabled = typeof options.enabled === 'function' ? options.enabled(query) : options.enabled
    const spec = isEnabled === false ? undefined : liveSpecIn(options.queryFn)
    if (spec !== undefined) return spec
  }
  return query.state.fetchStatus === 'idle' ? undefined : liveSpecIn(query.options.queryFn)
}
