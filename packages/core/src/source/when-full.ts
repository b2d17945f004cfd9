/**
 * What becomes of an item that comes while as many wait as may:
 *
 * - `block`: whoever pushes waits. For sources that can wait.
 * - `drop-oldest`: the oldest is forgotten, and the reader is told how many it missed.
 * - `latest`: only the newest waits, and the reader is told how many it missed.
 * - `fail`: the stream ends with `SLOW_CONSUMER`.
 */
export type WhenFull = 'block' | 'drop-oldest' | 'latest' | 'fail'

/** How much waits for a reader, and what becomes of more. */
export interface FeedOptions<Policy extends WhenFull = WhenFull> {
  readonly whenFull: Policy
  /** Items that may wait for a reader; 256 by default, and 1 for `latest`. */
  readonly capacity?: number | undefined
  /** Ends the stream. A handler's own signal isn't needed: its stream ends with its call. */
  readonly signal?: AbortSignal | undefined
}

const DEFAULT_CAPACITY = 256

const POLICIES: readonly unknown[] = ['block', 'drop-oldest', 'latest', 'fail'] satisfies readonly WhenFull[]

/** @throws TypeError for a policy that is none, and a capacity that isn't a whole number from 1 or isn't that of the policy. */
export function capacityOf(options: FeedOptions): number {
  // Who has no types may leave them out.
  const { whenFull, capacity }: Partial<FeedOptions> = options ?? {}
  if (whenFull === undefined || !POLICIES.includes(whenFull)) {
    throw new TypeError(`"whenFull" is ${String(whenFull)}: give ${POLICIES.join(', ')}, as what pushes can bear it.`)
  }
  if (capacity === undefined) return whenFull === 'latest' ? 1 : DEFAULT_CAPACITY
  if (!Number.isSafeInteger(capacity) || capacity < 1) {
    throw new TypeError(`"capacity" is ${capacity}: give a whole number of items from 1.`)
  }
  if (whenFull === 'latest' && capacity > 1) {
    throw new TypeError(`"capacity" is ${capacity}, but "latest" keeps one item: leave it out, or use "drop-oldest".`)
  }
  return capacity
}
