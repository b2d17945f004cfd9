/** Sums up what many sessions hold. */
export interface Ledger {
  add(change: number): void
}

/** What an entry takes in memory beside its own characters. */
export const ENTRY_CHARACTERS = 64

/**
 * All that one session holds for its peer and from it, in characters and bytes: whoever keeps something adds its size
 * here, and takes it off when that is gone. So a sum over all sessions costs an addition where something changes, and
 * nobody walks over them.
 */
export class Holdings {
  /** Size of the message that is being handed over: whoever keeps that adds it. */
  messageSize = 0
  #size = 0
  #queued = 0
  readonly #ledger: Ledger | undefined

  /** A `ledger` hears of each change. */
  constructor(ledger?: Ledger) {
    this.#ledger = ledger
  }

  get size(): number {
    return this.#size
  }

  add(change: number): void {
    this.#size += change
    this.#ledger?.add(change)
  }

  /** What waits to be written, or to be acknowledged, is this much now. */
  queued(size: number): void {
    if (size === this.#queued) return
    this.add(size - this.#queued)
    this.#queued = size
  }
}
