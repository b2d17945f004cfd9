/** What has come over a socket, as far as whole messages go. */
export interface Arrivals {
  /** Messages that were whole. */
  readonly whole: number
  /** Whether the beginning of another waits for its end, and that isn't our own doing. */
  readonly isWithinMessage: boolean
  /** Of the message that is under way: how many were whole before it, and when it was first seen. Noted by who watches. */
  begun: { readonly whole: number; readonly at: number } | undefined
  /** It was not finished within this time. */
  late(timeoutMs: number): void
}

/** Finds messages that were begun and that nobody ends: what has come of them is kept until they do. */
export class UnfinishedMessages {
  readonly #timeoutMs: number
  readonly #watched = new Set<Arrivals>()

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  get size(): number {
    return this.#watched.size
  }

  watch(arrivals: Arrivals): void {
    this.#watched.add(arrivals)
  }

  forget(arrivals: Arrivals): void {
    this.#watched.delete(arrivals)
  }

  /** Looks at all: one that was under way at `timeoutMs` ago already, and still is, is late. */
  sweep(now: number): void {
    for (const arrivals of this.#watched) {
      const { whole, isWithinMessage, begun } = arrivals
      if (!isWithinMessage) arrivals.begun = undefined
      else if (begun?.whole !== whole) arrivals.begun = { whole, at: now }
      else if (now - begun.at >= this.#timeoutMs) {
        this.#watched.delete(arrivals)
        arrivals.late(this.#timeoutMs)
      }
    }
  }
}
