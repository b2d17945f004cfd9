import { type Following, follow, mayRetry } from '@hotline/client'
import type { SubscriptionOptions } from './query-types.ts'

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

/** A subscription as a component sees it. */
export type Subscription<Item, Err> = SubscriptionState<Item, Err> & {
  /** Opens it anew: after an error, say, or to hear everything from the start. */
  restart(): void
}

type Options = Omit<SubscriptionOptions<unknown, unknown>, 'subscriptionKey'>
type State = Subscription<unknown, unknown>

/** What a stream that is being opened begins with. */
const CONNECTING = { status: 'connecting', error: null, missed: 0 } as const

/** One subscription as React's `useSyncExternalStore` wants it: open while somebody listens, one at a time. */
export function subscriptionStore(options: Options, isEnabled: boolean) {
  let stream: Following | undefined
  let listener: (() => void) | undefined
  let state: State = {
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
    snapshot: () => state,

    /** Takes the options of the last render; whether it may open was for the first ones to say. */
    update(latest: Options): void {
      options = latest
    },

    subscribe(heard: () => void) {
      listener = heard
      queueMicrotask(sync)
      return () => {
        listener = undefined
        queueMicrotask(sync)
      }
    },
  }

  /** Behind the turn: in strict mode React comes, goes and comes again within one. */
  function sync(): void {
    const { subscribe: open } = options
    if (listener === undefined) {
      stream?.close()
      stream = undefined
    }
    if (listener === undefined || stream || !isEnabled || !open) return
    show(CONNECTING)
    stream = follow(
      open,
      {
        accepted: () => show({ status: 'open' }),
        next(data) {
          show({ data })
          options.onItem?.(data)
        },
        gap(missed) {
          show({ missed: missed === undefined || state.missed === undefined ? undefined : state.missed + missed })
          options.onGap?.(missed)
        },
        resumed: () => show({ status: 'resumed' }),
        complete: () => show({ status: 'done' }),
        error: (error) => show({ status: 'error', error }),
      },
      isAwayOnly,
    )
  }

  function show(change: Partial<State>): void {
    state = { ...state, ...change }
    listener?.()
  }
}

/** What never left for want of a line is asked for again; anything else is for the component to decide. */
function isAwayOnly(_failures: number, error: unknown): boolean {
  return mayRetry(Number.POSITIVE_INFINITY, error)
}
