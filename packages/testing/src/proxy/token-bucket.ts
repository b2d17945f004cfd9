/** Seconds of its rate that a bucket holds: so much may pass at once after a pause. */
const DEPTH_SECONDS = 0.1

/** Seconds of its rate that are worth waking up for. */
const PORTION_SECONDS = 0.05

/** Lets bytes pass at a rate. It begins empty, and the rate may be another at each call. */
export class TokenBucket {
  #tokens = 0
  #filledAt: number

  constructor(now: number) {
    this.#filledAt = now
  }

  /** Takes out what may pass at `now`: at most `wanted` bytes. */
  take(wanted: number, bytesPerSecond: number, now: number): number {
    if (bytesPerSecond === Number.POSITIVE_INFINITY) return wanted
    const filled = this.#tokens + ((now - this.#filledAt) / 1000) * bytesPerSecond
    this.#tokens = Math.min(Math.max(1, bytesPerSecond * DEPTH_SECONDS), filled)
    this.#filledAt = now
    const taken = Math.min(wanted, Math.floor(this.#tokens))
    this.#tokens -= taken
    return taken
  }

  /** Milliseconds until it is worth asking again for `wanted` bytes. */
  waitMs(wanted: number, bytesPerSecond: number): number {
    const portion = Math.max(1, Math.min(wanted, bytesPerSecond * PORTION_SECONDS))
    return Math.max(1, Math.ceil(((portion - this.#tokens) / bytesPerSecond) * 1000))
  }
}
