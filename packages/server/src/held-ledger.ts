import type { Alarms, Ledger, Sleeper } from '@hotline/core/internal'

/** What brings a ledger back below its limit. */
export interface HeldTerms {
  readonly alarms: Alarms
  readonly most: number
  now(): number
  /** So much is too much: lets something go. */
  relieve(excess: number): void
}

/**
 * The sum of what many sessions hold. It may grow in the middle of anything, so sessions aren't ended there: what is too
 * much goes in a turn of its own.
 */
export class HeldLedger implements Ledger, Sleeper {
  readonly #terms: HeldTerms
  #size = 0

  constructor(terms: HeldTerms) {
    this.#terms = terms
  }

  get size(): number {
    return this.#size
  }

  /** How much too much it is; 0 or less where it isn't. */
  excess(share = 1): number {
    return this.#size - this.#terms.most * share
  }

  add(change: number): void {
    this.#size += change
    if (change > 0 && this.#size > this.#terms.most) this.#terms.alarms.set(this, this.#terms.now())
  }

  wake(): number {
    if (this.#size > this.#terms.most) this.#terms.relieve(this.#size - this.#terms.most)
    return Number.POSITIVE_INFINITY
  }
}
