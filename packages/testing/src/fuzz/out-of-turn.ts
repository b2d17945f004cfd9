import { CONTROL_FRAMES, type ControlWord, type Frame, MESSAGES, type MessageWord } from '@hotline/core/internal'
import type { Random } from '../simulator/random.ts'
import { controlOf, messageOf } from './grammar.ts'
import type { Speech } from './speech.ts'

// The tables have rows, and their keys are their words.
const CONTROL_WORDS = Object.keys(CONTROL_FRAMES) as [ControlWord, ...ControlWord[]]
const MESSAGE_WORDS = Object.keys(MESSAGES) as [MessageWord, ...MessageWord[]]

/** Says what its speaker says, and as long as no answer has come, now and then anything else that the protocol has. */
export class OutOfTurn implements Speech {
  readonly #speech: Speech
  readonly #random: Random
  /** How often. */
  readonly #share: number
  #isOpen = false

  constructor(speech: Speech, random: Random) {
    this.#speech = speech
    this.#random = random
    this.#share = random.pick([0, 0.02, 0.2, 0.6])
  }

  begin(): void {
    this.#isOpen = false
    this.#speech.begin()
  }

  hear(frame: Frame): void {
    if (frame[0] === 'welcome' || frame[0] === 'resumed') this.#isOpen = true
    this.#speech.hear(frame)
  }

  next(): unknown[] {
    return this.#isOpen || !this.#random.chance(this.#share) ? this.#speech.next() : this.#anything()
  }

  #anything(): unknown[] {
    const random = this.#random
    if (random.chance(0.3)) return controlOf(random.pick(CONTROL_WORDS), random)
    if (random.chance(0.3)) return [1, 0, messageOf(random.pick(MESSAGE_WORDS), random)]
    return [random.integer(1, 3), 0, messageOf('call', random, { id: 1, path: 'query', value: { n: 1 } })]
  }
}
