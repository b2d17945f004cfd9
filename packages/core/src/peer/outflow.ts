import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { StreamLane } from '../session/outbox.ts'

/** Characters of one stream that may wait for the line; then its source isn't pulled until they have left. */
const LANE_CHARACTERS = 64 * 1024

/** Credits that a reader may give before it got anything: where its stream begins, and where it is opened again. */
const UNEARNED_CREDITS = 2

/** The sending end of a stream: where its items wait for the line, and what its reader still takes. */
export class Outflow {
  readonly lane = new StreamLane()
  #credit: number
  /** Items that went out since a credit came for one: a reader has no reason to give more credits than it got items. */
  #unreturned = UNEARNED_CREDITS
  #hasStopped = false
  #onCredit: (() => void) | undefined

  constructor(credit: number = PROTOCOL_LIMITS.firstCredit) {
    this.#credit = credit
  }

  get hasStopped(): boolean {
    return this.#hasStopped
  }

  /** With any credit left a whole item may go. */
  get hasRoom(): boolean {
    return this.#credit > 0 && this.lane.characters <= LANE_CHARACTERS
  }

  sent(size: number): void {
    this.#credit -= size
    this.#unreturned++
  }

  /**
   * Gives whether an item earned it.
   * @throws ProtocolError `BAD_FRAME` where the credit would grow beyond all numbers.
   */
  granted(id: number, size: number): boolean {
    if (this.#credit + size > Number.MAX_SAFE_INTEGER) {
      throw new ProtocolError('BAD_FRAME', `Message "credit" gives call ${id} more than any stream can use.`)
    }
    this.#credit += size
    if (this.#credit > 0) this.#release()
    if (this.#unreturned === 0) return false
    this.#unreturned--
    return true
  }

  /** Resolves when there may be room again, or nobody needs it any more. For one waiter at a time. */
  changed(): Promise<void> {
    if (this.#hasStopped) return Promise.resolve()
    if (this.#credit > 0) return this.lane.emptied()
    return new Promise((resolve) => {
      this.#onCredit = resolve
    })
  }

  /** Nothing more will be sent: whoever waits needn't. */
  stop(): void {
    this.#hasStopped = true
    this.lane.release()
    this.#release()
  }

  #release(): void {
    this.#onCredit?.()
    this.#onCredit = undefined
  }
}
