/** How many there are of something, in all and for each stranger. Strangers with none are forgotten. */
export class StrangerCounts {
  readonly #counts = new Map<string, number>()
  #total = 0

  get total(): number {
    return this.#total
  }

  /** Strangers that have some: how much is kept. */
  get size(): number {
    return this.#counts.size
  }

  of(stranger: string): number {
    return this.#counts.get(stranger) ?? 0
  }

  /** One more; `undefined` is counted in all only. */
  add(stranger: string | undefined): void {
    this.#total++
    if (stranger !== undefined) this.#counts.set(stranger, this.of(stranger) + 1)
  }

  remove(stranger: string | undefined): void {
    this.#total--
    if (stranger === undefined) return
    const left = this.of(stranger) - 1
    if (left > 0) this.#counts.set(stranger, left)
    else this.#counts.delete(stranger)
  }
}
