import type { Holdings } from '../session/holdings.ts'

/** What the streams of one session may have out beyond their first credit, all together. */
const POOL_SIZE = 4 * 1024 * 1024

/**
 * Each stream has its first credit to itself, so however many others stall, it goes on; what it grows beyond that comes
 * from here, and so does the bound on what a peer can make this end keep.
 */
export class CreditPool {
  /** Where what has come and wasn't read is counted, if it is. */
  readonly holdings: Holdings | undefined
  #left = POOL_SIZE

  constructor(holdings?: Holdings) {
    this.holdings = holdings
  }

  /** Whether there was so much left; then it is taken. */
  take(size: number): boolean {
    if (size > this.#left) return false
    this.#left -= size
    return true
  }

  giveBack(size: number): void {
    this.#left += size
  }
}
