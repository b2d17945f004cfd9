import { type Rate, TokenBucket } from '@hotline/core/internal'

/** Fewer are not worth looking through. */
const FEW = 1_024

/**
 * A bucket for each stranger. Full ones are forgotten, looked for whenever twice as many are kept as were left the last
 * time: so what is kept follows from how many have come lately, and looking costs nothing that adding didn't.
 */
export class StrangerRates {
  readonly #rate: Rate
  readonly #buckets = new Map<string, TokenBucket>()
  #sweepAt = FEW

  constructor(rate: Rate) {
    this.#rate = rate
  }

  /** Strangers that are remembered. */
  get size(): number {
    return this.#buckets.size
  }

  /** Counts one more and says whether it may happen; who isn't counted always may. */
  take(stranger: string | undefined, now: number): boolean {
    if (stranger === undefined) return true
    const known = this.#buckets.get(stranger)
    if (known !== undefined) return known.take(now)
    if (this.#buckets.size >= this.#sweepAt) this.#forgetFull(now)
    const bucket = new TokenBucket(this.#rate)
    this.#buckets.set(stranger, bucket)
    return bucket.take(now)
  }

  /** Milliseconds until one more may happen; nothing is counted. */
  retryAfterMs(stranger: string | undefined, now: number): number {
    if (stranger === undefined) return 0
    return (this.#buckets.get(stranger) ?? new TokenBucket(this.#rate)).retryAfterMs(now)
  }

  #forgetFull(now: number): void {
    for (const [stranger, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(stranger)
    this.#sweepAt = Math.max(FEW, this.#buckets.size * 2)
  }
}
