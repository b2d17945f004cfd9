import type { Environment } from '@hotline/core/internal'
import type { Random } from './random.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** When deferred callbacks run: in a turn of their own, as in Node, or right behind the promises of this one, as in a browser. */
export type DeferStyle = 'turn' | 'microtask'

/** The world as one process sees it. A killed process is never called back again. */
export class SimulatedEnvironment implements Environment {
  readonly #clock: VirtualClock
  readonly #random: Random
  readonly #style: DeferStyle
  #timers = 0
  #isKilled = false

  constructor(clock: VirtualClock, random: Random, style: DeferStyle) {
    this.#clock = clock
    this.#random = random
    this.#style = style
  }

  /** Timers that have neither gone off nor been cancelled. */
  get timers(): number {
    return this.#timers
  }

  get isKilled(): boolean {
    return this.#isKilled
  }

  kill(): void {
    this.#isKilled = true
    this.#timers = 0
  }

  now(): number {
    return this.#clock.now()
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    let isSet = true
    this.#timers++
    const unset = () => {
      if (isSet) this.#timers--
      isSet = false
    }
    const cancel = this.#clock.schedule(() => {
      if (this.#isKilled) return
      unset()
      callback()
    }, delayMs)
    return () => {
      if (!this.#isKilled) unset()
      cancel()
    }
  }

  defer(callback: () => void): void {
    const run = () => this.#isKilled || callback()
    if (this.#style === 'microtask') queueMicrotask(run)
    else this.#clock.defer(run)
  }

  random(): number {
    return this.#random.next()
  }

  newId(characters: number): string {
    let id = ''
    while (id.length < characters) id += ALPHABET[this.#random.integer(0, 63)]
    return id
  }
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'
