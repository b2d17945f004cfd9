import { PROTOCOL_LIMITS } from '../protocol/limits.ts'

const { windowCharacters, wholeBytes } = PROTOCOL_LIMITS

/** Before anything is known of the line. */
export const FIRST_CHARACTERS = 128 * 1024

/** More than an acknowledgement waits for (`ackCharacters`), or the line would stand still until its timer. */
const LEAST_CHARACTERS = 96 * 1024

/**
 * On a slow line: of a message that goes whole nothing is heard until its end has come, which looks like silence. Not less,
 * since small calls overtake those in pieces, and the other end lets 256 ids be missing: as many fill a client's queue.
 */
const SLOW_WHOLE_BYTES = 48 * 1024

/** What is acknowledged later than this waited in a queue that somebody holds for the line. */
const SLOW_MS = 1_500

/** What is acknowledged sooner did not wait. */
const FAST_MS = 750

/**
 * How much may be written and not acknowledged. The operating systems take far more than a slow line carries, and what
 * they have taken can't be overtaken: a small call, an acknowledgement and a ping wait behind all of it. So a window
 * whose messages are acknowledged late is halved, and one that was filled and acknowledged soon is doubled.
 */
export class Window {
  #characters = FIRST_CHARACTERS
  /** The number of the message whose acknowledgement is timed; one at a time. */
  #sample = Number.POSITIVE_INFINITY
  #sampledAt = 0
  #wasFull = false

  get characters(): number {
    return this.#characters
  }

  /** Bytes of a message that may go as it is. */
  get wholeBytes(): number {
    return this.#characters < FIRST_CHARACTERS ? SLOW_WHOLE_BYTES : wholeBytes
  }

  /** Messages up to `number` were written, and `held` characters are out now. */
  written(number: number, held: number, now: number): void {
    if (held >= this.#characters) this.#wasFull = true
    if (this.#sample !== Number.POSITIVE_INFINITY) return
    this.#sample = number
    this.#sampledAt = now
  }

  acknowledged(number: number, now: number): void {
    if (number < this.#sample) return
    const ageMs = now - this.#sampledAt
    if (ageMs > SLOW_MS) this.#characters = Math.max(LEAST_CHARACTERS, this.#characters / 2)
    else if (ageMs < FAST_MS && this.#wasFull) this.#characters = Math.min(windowCharacters, this.#characters * 2)
    this.rewound()
  }

  /** Another connection carries what was written: the time between says nothing about the line. */
  rewound(): void {
    this.#sample = Number.POSITIVE_INFINITY
    this.#wasFull = false
  }
}
