import type { HotlineError } from '@hotline/core'
import type { Query, QueryCacheNotifyEvent } from '@tanstack/query-core'
import { type LiveFeed, openFeed } from './live-feed.ts'
import { type LiveSpec, liveSpecIn } from './live-spec.ts'
import { type Layer, showValue } from './shown-value.ts'

/** What has changed a query's state. */
type Action = Extract<QueryCacheNotifyEvent, { type: 'updated' }>['action']

/** How long a stream waits for its first observer: React may show what Suspense waited for a good while later. */
const FIRST_LOOK_MS = 1_000

export type LiveQuery = ReturnType<typeof followQuery>

/** A query that is live, or that shows changes which the server hasn't confirmed. */
export function followQuery(query: Query, lingerMs: number) {
  const shown = showValue(query)
  let spec: LiveSpec | undefined
  let feed: LiveFeed | undefined
  let linger: ReturnType<typeof setTimeout> | undefined
  let hasBeenObserved = false
  /** Whether the stream that counts hasn't given the first of its items, where these are all there is. */
  let isEmpty = false
  /** Whether the items of the last stream are all there will be, until somebody asks anew. */
  let isComplete = false
  /** What items did since the read that is under way began, which may lack that. A read that waits for its stream hasn't begun. */
  let since: ((value: unknown) => unknown)[] | undefined
  /** Why the stream can't be had. */
  let failure: HotlineError | undefined
  /** Whether what a read that is under way gives will be too old. */
  let mustReadAgain = false

  return {
    shown,
    sync,
    read,
    close,

    /** A query function begins. Resolves when it may read its snapshot; where there is none, to what the items came to. */
    async begin(): Promise<unknown> {
      isComplete = false
      since = undefined
      shown.begin()
      if (spec !== undefined && feed === undefined) sync()
      const reason = await feed?.ready()
      since = []
      if (!spec?.isWhole) return
      if (reason !== undefined) throw reason
      return shown.server()
    },

    /** The query's state is another. */
    hear(action: Action): void {
      const { type } = action
      if (type === 'success' && action.manual !== true) arrive()
      else if (type === 'success' || type === 'setState') shown.replaced()
      else if (type !== 'error') return
      if (!mustReadAgain) return
      mustReadAgain = false
      // TanStack is in the middle of telling everybody.
      queueMicrotask(read)
    },

    /** A change was made that the value may not have yet. */
    confirm(layer: Layer): void {
      if (!shown.has(layer)) return
      if (query.observers.length === 0) shown.settle(layer)
      read()
    },
  }

  /** Opens the stream where somebody looks, and closes it when nobody has looked for a while. */
  function sync(): void {
    const wanted = specOf(query)
    if (wanted === undefined) {
      if (feed) linger ??= setTimeout(close, hasBeenObserved ? lingerMs : Math.max(lingerMs, FIRST_LOOK_MS))
      return
    }
    clearTimeout(linger)
    linger = undefined
    hasBeenObserved ||= query.observers.length > 0
    const isSame = wanted.id === spec?.id
    // Its functions may be of a later render.
    spec = wanted
    if (isSame && (feed || isComplete)) return
    feed?.close()
    const { isWhole, empty } = spec
    feed = openFeed(spec, {
      accepted() {
        failure = undefined
        isEmpty = isWhole === true
        if (!isWhole && (since || query.state.fetchStatus === 'idle')) read()
      },
      next: take,
      // Where the items are all there is, the next one says it all.
      gap: () => isWhole || read(),
      complete() {
        isComplete = isWhole === true
        if (isEmpty) shown.push(() => empty)
      },
      error(error) {
        failure = error
        showFailure()
      },
    })
  }

  function take(item: unknown): void {
    const { reduce, isWhole } = spec ?? {}
    if (reduce === undefined) return read()
    const isFirst = isEmpty
    isEmpty = false
    const change = (value: unknown) =>
      isWhole || value !== undefined ? reduce(isFirst ? undefined : value, item) : undefined
    if (query.state.fetchStatus !== 'idle') since?.push(change)
    shown.push(change)
  }

  /** Reads the server's value anew, once for all who ask meanwhile. Where nobody looks, whoever looks next does. */
  function read(): void {
    if (query.observers.length === 0) query.invalidate()
    else if (query.state.fetchStatus === 'idle') void query.fetch().catch(() => {})
    else mustReadAgain = true
  }

  /** A read has given what the cache now holds. */
  function arrive(): void {
    const missed = since ?? []
    since = undefined
    shown.read(missed.reduce((value, change) => change(value), query.state.data))
    if (failure) showFailure()
  }

  /** The value stays, and the query says what is wrong: nobody shall take for live what isn't. */
  function showFailure(): void {
    const errorUpdateCount = query.state.errorUpdateCount + 1
    query.setState({ status: 'error', error: failure as HotlineError, errorUpdatedAt: Date.now(), errorUpdateCount })
  }

  function close(): void {
    clearTimeout(linger)
    feed?.close()
    linger = feed = undefined
    hasBeenObserved = false
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
