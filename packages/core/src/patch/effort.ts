/** How much may still be looked at in a comparison. What it doesn't suffice for counts as different. */
export class Effort {
  #left: number

  constructor(values: number) {
    this.#left = values
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
