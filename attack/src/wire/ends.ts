/** How sockets ended, counted: `close 4308`, `HTTP 503`, `cut`. */
export class Ends {
  readonly #counts = new Map<string, number>()
  #opened = 0
  #ended = 0
  #longestMs = 0

  open(): void {
    this.#opened++
  }

  add(how: string, livedMs: number): void {
    this.#ended++
    this.#counts.set(how, (this.#counts.get(how) ?? 0) + 1)
    if (how !== LEFT) this.#longestMs = Math.max(this.#longestMs, livedMs)
  }

  get isOver(): boolean {
    return this.#ended === this.#opened
  }

  get held(): number {
    return this.#opened - this.#ended
  }

  report(): EndsReport {
    return {
      opened: this.#opened,
      held: this.held,
      longestMs: this.#longestMs,
      counts: Object.fromEntries(this.#counts),
    }
  }
}

export interface EndsReport {
  readonly opened: number
  /** Those that are open still. */
  readonly held: number
  /** The longest life of one that the server ended. */
  readonly longestMs: number
  readonly counts: Readonly<Record<string, number>>
}

/** The attacker ended it, not the server. */
export const LEFT = 'left'
