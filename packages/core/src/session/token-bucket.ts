/** How often something may happen. */
export interface Rate {
  /** Infinity sets no bound. */
  readonly perSecond: number
  /** So often at once, after a pause. */
  readonly burst: number
}

/**
 * Lets something happen at a rate, and in bursts. It begins full; times are milliseconds of a clock that doesn't go
 * back. A full one knows nothing that a new one wouldn't: whoever keeps many may forget it.
 */
export class TokenBucket {
  readonly #perMs: number
  readonly #burst: number
  #tokens: number
  #filledAt = 0

  constructor({ perSecond, burst }: Rate) {
    this.#perMs = perSecond / 1000
    this.#burst = burst
    this.#tokens = burst
  }

  /** Whether it may happen now; then it counts as having happened. What is refused isn't counted. */
  take(now: number): boolean {
    this.#fill(now)
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }

  /** Milliseconds until it may happen: 0 for now, Infinity for never. */
  retryAfterMs(now: number): number {
    this.#fill(now)
    if (this.#tokens >= 1) return 0
    return this.#burst < 1 ? Number.POSITIVE_INFINITY : Math.ceil((1 - this.#tokens) / this.#perMs)
  }

  /** Whether nothing of the past counts any more. */
  isFull(now: number): boolean {
    this.#fill(now)
    return this.#tokens === this.#burst
  }

  #fill(now: number): void {
    const passed = now - this.#filledAt
    this.#filledAt = now
    // No time at an endless rate would be NaN.
    const gained = this.#perMs === Number.POSITIVE_INFINITY ? this.#burst : passed * this.#perMs
    this.#tokens = Math.min(this.#burst, this.#tokens + gained)
  }
}
