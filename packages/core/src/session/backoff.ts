export interface BackoffOptions {
  /** The first retry waits up to this long. */
  readonly initialMs: number
  /** No retry waits longer. */
  readonly maxMs: number
}

export const BACKOFF: BackoffOptions = { initialMs: 500, maxMs: 30_000 }

/**
 * Milliseconds to wait before retry `attempt` (0 is the first): full jitter, applied after the cap, so that a crowd
 * spreads over the whole span and not around its end.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoff(attempt: number, random: number, options: BackoffOptions): number {
  return random * Math.min(options.maxMs, options.initialMs * 2 ** Math.min(attempt, 30))
}
