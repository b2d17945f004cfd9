import { mayRetry, type Stream } from '@hotline/core'
import { isolate } from '@hotline/core/internal'
import { type Following, follow } from './follow.ts'
import type { Store } from './store.ts'

/** `resumed`: opened anew after a lost session, with nothing missing. `done`: the server has ended it. */
export type SubscriptionStatus = 'idle' | 'connecting' | 'open' | 'resumed' | 'error' | 'done'

/** Where a subscription is. A new object at each change. */
export interface SubscriptionState<Item, Err> {
  readonly status: SubscriptionStatus
  /** The last item. */
  readonly data: Item | undefined
  readonly error: Err | null
  /** Items that were missed since it opened: 0 for none, `undefined` where some are missing and nobody knows how many. */
  readonly missed: number | undefined
}

/** A subscription as a page sees it. */
export type Subscription<Item, Err> = SubscriptionState<Item, Err> & {
  /** Opens it anew: after an error, say, or to hear everything from the start. */
  restart(): void
}

/** What a subscription is opened with, and who is told of it. */
export interface SubscriptionSource<Item> {
  /** `undefined` opens none. */
  readonly subscribe: ((signal: AbortSignal) => Promise<Stream<Item, unknown>>) | undefined
  /** `false` opens none. */
  readonly enabled?: boolean | undefined
  /** Told of each item: who renders may pass over some that come together. */
  readonly onItem?: ((item: Item) => void) | undefined
  /** Items may be missing before the next one; `missed` is how many, where that is known. */
  readonly onGap?: ((missed: number | undefined) => void) | undefined
}

export interface SubscriptionStore<Item, Err> extends Store<Subscription<Item, Err>> {
  /** Takes other functions for what is to come; whether there is a stream was for the first ones to say. */
  update(source: SubscriptionSource<Item>): void
}

/** What a stream that is being opened begins with. */
const CONNECTING = { status: 'connecting', error: null, missed: 0 } as const

/**
 * A subscription and what has come of it, for a framework to follow: open while somebody listens, one stream at a time. For
 * React there is `useSubscription`.
 * @throws TypeError for what has no `subscribe`, and for one that is no function.
 */
export function subscriptionStore<Item, Err = unknown>(source: SubscriptionSource<Item>): SubscriptionStore<Item, Err> {
  // What has no types may give the promise of a stream, say: it would be idle for ever, without a word.
  const type = 'subscribe' in Object(source) ? typeof source.subscribe : 'nothing'
  if (type !== 'function' && type !== 'undefined')
    throw new TypeError('A subscription needs { subscribe }, a function, as subscriptionOptions() gives it.')
  const isEnabled = source.enabled !== false && source.subscribe !== undefined
  const listeners = new Set<() => void>()
  let stream: Following | undefined
  let state: Subscription<Item, Err> = {
    ...CONNECTING,
    status: isEnabled ? 'connecting' : 'idle',
    data: undefined,
    restart() {
      if (stream === undefined) return
      show(CONNECTING)
      stream.open()
    },
  }

  return {
    get: () => state,

    update(latest) {
      source = latest
    },

    subscribe(listener) {
      listeners.add(listener)
      queueMicrotask(sync)
      return () => {
        listeners.delete(listener)
        queueMicrotask(sync)
      }
    },
  }

  /** Behind the turn: React comes, goes and comes again within one in strict mode. */
  function sync(): void {
    const { subscribe: open } = source
    if (listeners.size === 0) {
      stream?.close()
      stream = undefined
    } else if (isEnabled && open && !stream) {
      show(CONNECTING)
      stream = follow(
        (signal) => (source.subscribe ?? open)(signal),
        {
          accepted: () => show({ status: 'open' }),
          next(data) {
            show({ data })
            source.onItem?.(data)
          },
          gap(missed) {
            show({ missed: missed === undefined || state.missed === undefined ? undefined : state.missed + missed })
            source.onGap?.(missed)
          },
          resumed: () => show({ status: 'resumed' }),
          complete: () => show({ status: 'done' }),
          // The type of the procedure says what its errors are.
          error: (error) => show({ status: 'error', error: error as Err }),
        },
        isAwayOnly,
      )
    }
  }

  function show(change: Partial<Subscription<Item, Err>>): void {
    state = { ...state, ...change }
    for (const listener of [...listeners]) isolate(listener)
  }
}

/** What never left for want of a line is asked for again; anything else is for the page to decide. */
function isAwayOnly(_failures: number, error: unknown): boolean {
  return mayRetry(Number.POSITIVE_INFINITY, error)
}
