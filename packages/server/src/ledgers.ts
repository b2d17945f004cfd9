import type { Ledger } from '@hotline/core/internal'

/** Where what one session holds is counted: among all until it is over, and among those that are away while it is. */
export class Ledgers implements Ledger {
  #size = 0
  #all: Ledger | undefined
  #away: Ledger | undefined

  constructor(all: Ledger) {
    this.#all = all
  }

  add(change: number): void {
    this.#size += change
    this.#all?.add(change)
    this.#away?.add(change)
  }

  /** It counts among those that are away from now on, with what there is already. */
  join(away: Ledger): void {
    if (this.#away !== undefined) return
    this.#away = away
    away.add(this.#size)
  }

  /** It counts there no more. */
  leave(): void {
    this.#away?.add(-this.#size)
    this.#away = undefined
  }

  /** The session is over: nothing of it counts any more, whatever a handler still has. */
  close(): void {
    this.leave()
    this.#all?.add(-this.#size)
    this.#all = undefined
  }
}
