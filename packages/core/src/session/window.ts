import { PROTOCOL_LIMITS } from '../protocol/limits.ts'

/** Before anything is known of the line. */
export const FIRST_CHARACTERS = 128 * 1024

/** More than an acknowledgement waits for (`ackCharacters`), or the line would stand still until its timer. */
const LEAST_CHARACTERS = 96 * 1024

/** What is acknowledged later than this waited in a queue that somebody holds for the line. */
const SLOW_MS = 1_500

/** What is acknowledged sooner did not wait. */
const FAST_MS = 750

/** So much, acknowledged soon, shows that `wholeBytes` take a quick line two seconds at most. */
const TELLING_CHARACTERS = 32 * 1024

/**
 * How much may be written and not acknowledged. The operating systems take far more than a slow line carries, and what
 * they have taken can't be overtaken: a small call, an acknowledgement and a ping wait behind all of it. So a window
 * whose messages are acknowledged late is halved, and one that was filled and acknowledged soon is doubled.
 */
export class Window {
  #characters = FIRST_CHARACTERS
  #isQuick = false
  /** The number of the message whose acknowledgement is timed, one at a time; how much was out with it, and since when. */
  #sample = Number.POSITIVE_INFINITY
  #sampledCharacters = 0
  #sampledAt = 0
  #wasFull = false

  get characters(): number {
    return this.#characters
  }

  /**
   * Whether the line was seen to carry much at once. Of a message that goes whole nothing is heard until its end has
   * come, and on a slow line that looks like silence.
   */
  get isQuick(): boolean {
    return this.#isQuick
  }

  /** Messages up to `number` were written, and `held` characters are out now. */
  written(number: number, held: number, now: number): void {
    if (held >= this.#characters) this.#wasFull = true
    if (this.#sample !== Number.POSITIVE_INFINITY) return
    this.#sample = number
    this.#sampledCharacters = held
    this.#sampledAt = now
  }

  acknowledged(number: number, now: number): void {
    if (number < this.#sample) return
    const ageMs = now - this.#sampledAt
    if (ageMs > SLOW_MS) {
      this.#characters = Math.max(LEAST_CHARACTERS, this.#characters / 2)
      this.#isQuick = false
    } else if (ageMs < FAST_MS) {
      if (this.#wasFull) this.#characters = Math.min(PROTOCOL_LIMITS.windowCharacters, this.#characters * 2)
      if (this.#sampledCharacters >= TELLING_CHARACTERS) this.#isQuick = true
    }
    this.#forget()
  }

  /** Another connection carries what was written. It may be another line, and the time between says nothing about it. */
  begin(): void {
    this.#isQuick = false
    this.#forget()
  }

  #forget(): void {
    this.#sample = Number.POSITIVE_INFINITY
    this.#wasFull = false
  }
}
