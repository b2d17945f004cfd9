import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { ENTRY_CHARACTERS } from '../session/holdings.ts'
import type { CreditPool } from './credit-pool.ts'

const { firstCredit, mostCredit } = PROTOCOL_LIMITS

/**
 * The receiving end of a stream's flow control: counts what has come and what has been read, and says when to let the
 * sender go on. What was read goes back once half of the window has been; a reader that keeps up gets a larger window.
 */
export class Inflow {
  #pool: CreditPool
  #window: number
  /** What the sender may still send; one item may take it below zero. */
  #credit: number
  #unread = 0
  /** What that counts for among all that the session holds: credit doesn't count what an entry takes by itself. */
  #held = 0
  /** Whether the sender takes no credit, since it begins anew. */
  #isHeld = false
  #isOver = false

  /** `credit` is what the sender may send to begin with. */
  constructor(pool: CreditPool, credit: number = firstCredit) {
    this.#pool = pool
    this.#window = firstCredit
    this.#credit = credit
  }

  /** Size of the items that have come and weren't read. */
  get unread(): number {
    return this.#unread
  }

  /** @throws ProtocolError `BAD_FRAME` where the sender had no credit left. */
  received(id: number, size: number): void {
    if (this.#credit <= 0) {
      throw new ProtocolError('BAD_FRAME', `An item of call ${id} came without credit: expected to be waited for.`)
    }
    this.#credit -= size
    this.#unread += size
    this.#hold(size + ENTRY_CHARACTERS)
  }

  /** An item was read. Gives the credit to return to the sender, 0 while it isn't worth a message. */
  read(size: number): number {
    this.#unread -= size
    this.#hold(-size - ENTRY_CHARACTERS)
    return this.#due()
  }

  /** Lets the sender begin that waits for that. */
  begin(): number {
    return this.#grant(firstCredit)
  }

  /** What a sender may have that begins anew while items of the one before are unread. What is read from now on waits for `resume`. */
  restart(): number {
    this.#isHeld = true
    this.#credit = Math.max(0, Math.min(firstCredit, this.#window - this.#unread))
    return this.#credit
  }

  /** The sender that begins anew takes credit from now on. Gives what has become due meanwhile. */
  resume(): number {
    this.#isHeld = false
    return this.#due()
  }

  /** Its stream goes on in another session: what it has grown by counts there, where there is room for that. */
  moveTo(pool: CreditPool): void {
    const grown = this.#window - firstCredit
    const held = this.#held
    this.#hold(-held)
    this.#pool.giveBack(grown)
    this.#pool = pool
    this.#hold(held)
    if (!pool.take(grown)) this.#window = firstCredit
  }

  /** Nothing more comes, or counts. */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#pool.giveBack(this.#window - firstCredit)
  }

  /** What has come is forgotten, unread. */
  forget(): void {
    this.#unread = 0
    this.#hold(-this.#held)
  }

  #due(): number {
    if (this.#isOver || this.#isHeld) return 0
    const due = this.#window - this.#unread - this.#credit
    if (due * 2 < this.#window) return 0
    return this.#grant(due + this.#growth())
  }

  /** Whoever has read all that came is faster than the window lets the sender be. */
  #growth(): number {
    const growth = Math.min(this.#window, mostCredit - this.#window)
    if (this.#unread > 0 || !this.#pool.take(growth)) return 0
    this.#window += growth
    return growth
  }

  #hold(change: number): void {
    this.#held += change
    this.#pool.holdings?.add(change)
  }

  #grant(size: number): number {
    this.#credit += size
    return size
  }
}
