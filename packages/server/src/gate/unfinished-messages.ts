/** What has come over a socket, as far as whole messages go. */
export interface Arrivals {
  /** Messages that were whole. */
  readonly whole: number
  /** Whether the beginning of another waits for its end, and that isn't our own doing. */
  readonly isWithinMessage: boolean
}

interface Watched {
  readonly onLate: () => void
  /** Of the message that is under way: how many were whole before it, and when it was first seen. */
  begun: { readonly whole: number; readonly at: number } | undefined
}

/** Finds messages that were begun and that nobody ends: what has come of them is kept until they do. */
export class UnfinishedMessages {
  readonly #timeoutMs: number
  readonly #watched = new Map<Arrivals, Watched>()

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  get size(): number {
    return this.#watched.size
  }

  watch(arrivals: Arrivals, onLate: () => void): void {
    this.#watched.set(arrivals, { onLate, begun: undefined })
  }

  forget(arrivals: Arrivals): void {
    this.#watched.delete(arrivals)
  }

  /** Looks at all: one that was under way at `timeoutMs` ago already, and still is, is late. */
  sweep(now: number): void {
    for (const [arrivals, watched] of this.#watched) {
      const { whole, isWithinMessage } = arrivals
      if (!isWithinMessage) watched.begun = undefined
      else if (watched.begun?.whole !== whole) watched.begun = { whole, at: now }
      else if (now - watched.begun.at >= this.#timeoutMs) {
        this.#watched.delete(arrivals)
        watched.onLate()
      }
    }
  }
}
