import { LiveFeed } from './live-feed.ts'
import type { SubscriptionOptions } from './query-types.ts'
import { mayRetry } from './retry.ts'

/** `resumed`: opened anew after a lost session, with nothing missing. `done`: the server has ended it. */
export type SubscriptionStatus = 'idle' | 'connecting' | 'open' | 'resumed' | 'error' | 'done'

/** Where a subscription is. A new frozen object at each change. */
export interface SubscriptionState<Item, Err> {
  readonly status: SubscriptionStatus
  /** The last item. */
  readonly data: Item | undefined
  readonly error: Err | null
  /** Items that were missed since it opened: 0 for none, `undefined` where some are missing and nobody knows how many. */
  readonly missed: number | undefined
}

type Options = Omit<SubscriptionOptions<unknown, unknown>, 'subscriptionKey'>
type State = SubscriptionState<unknown, unknown>

const BEGINNING = { status: 'connecting', error: null, missed: 0 } as const

const NOTHING: State = Object.freeze({ status: 'idle', data: undefined, error: null, missed: 0 })

/** One subscription as React's `useSyncExternalStore` wants it: open while somebody listens. */
export class SubscriptionStore {
  readonly #options: () => Options
  readonly #listeners = new Set<() => void>()
  #state: State
  #feed: LiveFeed | undefined

  /** `options` gives those of the last render; whether the store may open is for the first ones to say. */
  constructor(options: () => Options, isEnabled: boolean) {
    this.#options = options
    this.#state = isEnabled ? Object.freeze({ ...NOTHING, status: 'connecting' }) : NOTHING
  }

  readonly snapshot = (): State => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.#followListeners()
    return () => {
      this.#listeners.delete(listener)
      this.#followListeners()
    }
  }

  /** Closes the stream, and opens another. */
  readonly restart = (): void => {
    if (this.#feed === undefined) return
    this.#show(BEGINNING)
    this.#feed.open()
  }

  /** Behind the turn: in strict mode React comes, goes and comes again within one. */
  #followListeners(): void {
    queueMicrotask(() => {
      if (this.#listeners.size === 0) {
        this.#feed?.close()
        this.#feed = undefined
      } else if (this.#feed === undefined && this.#state !== NOTHING) this.#open()
    })
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
    this.restart()
  }

  #miss(missed: number | undefined): void {
    const before = this.#state.missed
    this.#show({ missed: missed === undefined || before === undefined ? undefined : before + missed })
    this.#options().onGap?.(missed)
  }

  #show(change: Partial<State>): void {
    this.#state = Object.freeze({ ...this.#state, ...change })
    for (const listener of [...this.#listeners]) listener()
  }
}

/** What never left for want of a line is asked for again; anything else is for the component to decide. */
function isAwayOnly(_failures: number, error: unknown): boolean {
  return mayRetry(Number.POSITIVE_INFINITY, error)
}
