import { type Following, follow, type HotlineError, mayRetry } from '@hotline/client'
import type { Query, QueryCacheNotifyEvent, QueryState } from '@tanstack/query-core'
import { type LiveSpec, liveSpecIn } from './live-spec.ts'
import { type Layer, showValue } from './shown-value.ts'

/** What has changed a query's state. */
type Action = Extract<QueryCacheNotifyEvent, { type: 'updated' }>['action']

/**
 * How long a stream outlives its last observer, so that who comes back soon finds it open; and how long it waits for the
 * first, since React may show a good while later what Suspense waited for.
 */
const LINGER_MS = 1_000

/** How long a change that was answered waits for the item that brings it, before the query is read anew. */
const CONFIRM_MS = 1_000

export type LiveQuery = ReturnType<typeof followQuery>

/** A query that is live, or that shows changes which the server hasn't confirmed. */
export function followQuery(query: Query) {
  const shown = showValue(query)
  let spec: LiveSpec | undefined
  let stream: Following | undefined
  /**
   * Resolves when there is something to show, or to why there isn't. That is a snapshot which may be read: what happens from
   * then on comes as items, or there is no stream to wait for. Where items are all there is, it is the first one.
   */
  let ready: Promise<unknown> | undefined
  /** Ends the waiting for `ready`, while that is to be waited for. */
  let settle: ((reason?: unknown) => void) | undefined
  let linger: ReturnType<typeof setTimeout> | undefined
  /** Whether the stream that counts hasn't given the first of its items, where these are all there is. */
  let isEmpty = false
  /** Whether the items of the last stream are all there will be, until somebody asks anew. */
  let isComplete = false
  /** What items did since the read that is under way began, which may lack that; `null` while it waits for its stream. */
  let since: ((value: unknown) => unknown)[] | null | undefined
  /** What the query says where the stream can't be had. Its value stays, but nobody shall take for live what isn't. */
  let failure: Partial<QueryState> | undefined
  /** Whether what a read that is under way gives will be too old. */
  let mustReadAgain = false
  /** Whether a read is missing that was begun: it may have been cancelled. */
  let isMissing = false
  let confirmation: ReturnType<typeof setTimeout> | undefined
  const isBehind = () => isMissing || shown.isBehind()

  return {
    shown,
    sync,
    read,
    close,

    /** A query function begins. Resolves when it may read, or to what the items have come to, where these are all there is. */
    async begin(signal: AbortSignal): Promise<unknown> {
      isComplete = false
      since = null
      shown.begin(signal)
      sync()
      // Who asks anew may be let in by now; and what items alone can say, only another stream says again.
      if (stream && !settle && (failure || spec?.isWhole)) {
        expectStream()
        stream.open()
      }
      const reason = await ready
      since = []
      if (!stream) return
      if (!spec?.isWhole) {
        isMissing = true
        return
      }
      if (reason) throw reason
      return shown.server()
    },

    /** The query's state is another. */
    hear(action: Action): void {
      // With one more page come the others as they were shown.
      if (action.type === 'success' && !action.manual && !query.state.fetchMeta?.fetchMore) {
        let value: unknown = query.state.data
        for (const change of since ?? []) value = change(value)
        since = undefined
        isMissing = false
        shown.read(value)
        if (failure) query.setState(failure)
      } else shown.replaced()
      wait()
      if (mustReadAgain && isIdle(query)) {
        mustReadAgain = false
        // TanStack is in the middle of telling everybody.
        queueMicrotask(read)
      }
    },

    /** A change was made that the value may not have yet. */
    answer(layer: Layer, result: unknown): void {
      shown.answer(layer, result)
      if (layer.isIn) wait()
      else confirm()
    },

    /** A change is not to be. */
    drop(layer: Layer): void {
      shown.drop(layer)
      wait()
    },
  }

  /** Opens the stream where somebody looks, and closes it when nobody has looked for a while. */
  function sync(): void {
    const wanted = specOf(query)
    if (!wanted) {
      // One that was refused is nothing to come back to.
      if (failure) close()
      else if (stream) linger ??= setTimeout(close, LINGER_MS)
      return
    }
    clearTimeout(linger)
    linger = undefined
    const isSame = wanted.id === spec?.id
    // Its functions may be of a later render.
    spec = wanted
    if (isSame && (stream || isComplete)) return
    leave()
    expectStream()
    const { isWhole = false, empty } = spec
    const open = (signal: AbortSignal) => (spec ?? wanted).open(signal)
    const observer = {
      accepted() {
        failure = undefined
        isEmpty = isWhole
        if (isWhole) return
        // One of somebody else's may be under way, which began before the stream.
        if (since !== null || isIdle(query)) {
          since ??= []
          read()
        }
        settle?.()
      },
      next(item: unknown) {
        const reduce = spec?.reduce
        if (!reduce) return read()
        const isFirst = isEmpty
        isEmpty = false
        const change = (value: unknown) =>
          isWhole || value !== undefined ? reduce(isFirst ? undefined : value, item) : undefined
        if (!isIdle(query)) {
          // What began before anybody looked from here may lack it, too.
          since ??= []
          since.push(change)
        }
        shown.push(change, isWhole)
        settle?.()
      },
      // Where the items are all there is, the next one says it all.
      gap: () => isWhole || read(),
      complete() {
        isComplete = isWhole
        if (isEmpty) shown.push(() => empty, true)
        settle?.()
      },
      error(error: HotlineError) {
        failure = { status: 'error', error, errorUpdatedAt: Date.now(), isInvalidated: true }
        query.setState(failure)
      },
    }
    stream = follow(open, observer, (failures, error) => {
      settle?.(error)
      return mayRetry(failures, error)
    })
  }

  function expectStream(): void {
    ready = new Promise((resolve) => {
      settle = (reason) => {
        settle = undefined
        resolve(reason)
      }
    })
  }

  function leave(): void {
    stream?.close()
    settle?.()
  }

  /** Reads the server's value anew, once for all who ask meanwhile. Where nobody looks, whoever looks next does. */
  function read(): void {
    if (!isIdle(query)) mustReadAgain = true
    else if (query.isActive()) {
      isMissing = true
      void query.fetch().catch(() => {})
    } else {
      shown.settle()
      query.invalidate()
    }
  }

  /** Gives what is missing some time to come. Where reading fails, that is for who reads next. */
  function wait(): void {
    if (isIdle(query) && !query.state.error && isBehind()) confirmation ??= setTimeout(confirm, CONFIRM_MS)
  }

  /** Reads what hasn't come. */
  function confirm(): void {
    clearTimeout(confirmation)
    confirmation = undefined
    if (isBehind()) read()
  }

  /** Nobody looks any more. */
  function close(): void {
    clearTimeout(confirmation)
    clearTimeout(linger)
    shown.settle()
    leave()
    confirmation = linger = stream = ready = failure = undefined
  }
}

/** The stream that a query wants at the moment: an observer's, or that of a read which nobody observes yet. */
export function specOf(query: Query): LiveSpec | undefined {
  const observer = query.observers.find(({ options: { enabled, queryFn } }) => {
    return liveSpecIn(queryFn) && (typeof enabled === 'function' ? enabled(query) : enabled) !== false
  })
  const reader = isIdle(query) ? undefined : query
  return liveSpecIn((observer ?? reader)?.options.queryFn)
}

export function isIdle({ state }: Query): boolean {
  return state.fetchStatus === 'idle'
}
