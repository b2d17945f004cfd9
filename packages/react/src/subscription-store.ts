import { LiveFeed } from './live-feed.ts'
import type { SubscriptionOptions } from './query-types.ts'
import { mayRetry } from './retry.ts'

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

/** One subscription as React's `useSyncExternalStore` wants it: open while somebody listens. */
export class SubscriptionStore {
  readonly #options: () => Options
  #listener: (() => void) | undefined
  #state: State
  #feed: LiveFeed | undefined

  /** `options` gives those of the last render; whether the store may open is for the first ones to say. */
  constructor(options: () => Options, isEnabled: boolean) {
    const restart = () => this.#feed && this.#start(this.#feed)
    this.#options = options
    this.#state = { status: isEnabled ? 'connecting' : 'idle', data: undefined, error: null, missed: 0, restart }
  }

  readonly snapshot = (): State => this.#state

  /** For one listener at a time. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listener = listener
    queueMicrotask(this.#follow)
    return () => {
      this.#listener = undefined
      queueMicrotask(this.#follow)
    }
  }

  /** Behind the turn: in strict mode React comes, goes and comes again within one. */
  readonly #follow = (): void => {
    if (this.#listener === undefined) {
      this.#feed?.close()
      this.#feed = undefined
    } else if (this.#feed === undefined && this.#state.status !== 'idle') this.#open()
  }

  #open(): void {
    const open = this.#options().subscribe
    if (open === undefined) return
    this.#feed = new LiveFeed(
      { open, hasSnapshot: true, mayRetry: isAwayOnly },
      {
        accepted: () => this.#show({ status: 'open' }),
        item: (data) => {
          this.#show({ data })
          this.#options().onItem?.(data)
        },
        gap: (missed) => this.#miss(missed),
        resumed: () => this.#show({ status: 'resumed' }),
        completed: () => this.#show({ status: 'done' }),
        failed: (error) => this.#show({ status: 'error', error }),
      },
    )
    this.#start(this.#feed)
  }

  #start(feed: LiveFeed): void {
    this.#show({ status: 'connecting', error: null, missed: 0 })
    feed.open()
  }

  #miss(missed: number | undefined): void {
    const before = this.#state.missed
    this.#show({ missed: missed === undefined || before === undefined ? undefined : before + missed })
    this.#options().onGap?.(missed)
  }

  #show(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change }
    this.#listener?.()
  }
}

/** What never left for want of a line is asked for again; anything else is for the component to decide. */
function isAwayOnly(_failures: number, error: unknown): boolean {
  return mayRetry(Number.POSITIVE_INFINITY, error)
}
