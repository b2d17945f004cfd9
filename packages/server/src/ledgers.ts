import type { Ledger } from '@hotline/core/internal'

/** Where what one session holds is counted: among all, and among those that are away while it is. */
export class Ledgers implements Ledger {
  #size = 0
  /** One or two; none once the session is over. */
  #ledgers: readonly Ledger[]

  constructor(first: Ledger) {
    this.#ledgers = [first]
  }

  add(change: number): void {
    this.#size += change
    for (const ledger of this.#ledgers) ledger.add(change)
  }

  /** It counts in this ledger from now on, with what there is already. */
  join(ledger: Ledger): void {
    if (this.#ledgers.includes(ledger)) return
    this.#ledgers = [...this.#ledgers, ledger]
    ledger.add(this.#size)
  }

  /** It counts there no more. */
  leave(ledger: Ledger): void {
    if (!this.#ledgers.includes(ledger)) return
    this.#ledgers = this.#ledgers.filter((other) => other !== ledger)
    ledger.add(-this.#size)
  }

  /** The session is over: nothing of it counts any more, whatever a handler still has. */
  close(): void {
    for (const ledger of this.#ledgers) this.leave(ledger)
  }
}
