/**
 * Wakes whoever waits for something new. It counts its rings, so a ring is never missed: take `rings` *before* looking
 * at the source, and `rungSince` of that number resolves at once if it rang while you looked.
 */
export class Doorbell {
  #rings = 0
  readonly #waiting = new Set<() => void>()

  get rings(): number {
    return this.#rings
  }

  /** How many wait right now. */
  get waiting(): number {
    return this.#waiting.size
  }

  ring(): void {
    this.#rings += 1
    for (const wake of [...this.#waiting]) wake()
  }

  /** Resolves once the bell has rung more than `rings` times, or when `signal` aborts. */
  rungSince(rings: number, signal: AbortSignal): Promise<void> {
    if (this.#rings > rings || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }
}
