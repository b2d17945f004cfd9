/**
 * How much may still be looked at in a comparison, and how many levels deep a change may go into a value. What it doesn't
 * suffice for counts as different.
 */
export class Effort {
  #left: number
  #levels: number

  constructor(values: number, levels = Number.POSITIVE_INFINITY) {
    this.#left = values
    this.#levels = levels
  }

  /** Whether a change may go one level deeper; who does leaves again. */
  enter(): boolean {
    if (this.#levels <= 0) return false
    this.#levels--
    return true
  }

  /** Gives what was found there. */
  leave<Found>(found: Found): Found {
    this.#levels++
    return found
  }

  get isSpent(): boolean {
    return this.#left <= 0
  }

  /** Whether so much more may be looked at. */
  spend(values: number): boolean {
    this.#left -= values
    return this.#left > 0
  }
}
