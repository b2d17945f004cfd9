import type { Environment } from '@hotline/core/internal'
import type { Random } from './random.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** When deferred callbacks run: in a turn of their own, as in Node, or right behind the promises of this one, as in a browser. */
export type DeferStyle = 'turn' | 'microtask'

/** What has come while a process stood still is read this long after its late timers, as in an event loop. */
const TIMERS_FIRST_MS = 0.01

/**
 * The world as one process sees it. A killed process is never called back again; one that stands still is called back
 * when it goes on, late.
 */
export class SimulatedEnvironment implements Environment {
  readonly #clock: VirtualClock
  readonly #random: Random
  readonly #style: DeferStyle
  #timers = 0
  #isKilled = false
  #stoppedUntil = 0
  #aheadMs = 0

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

  /** Whether it has neither stood still nor seen its clock jump. */
  get isPunctual(): boolean {
    return this.#stoppedUntil === 0 && this.#aheadMs === 0
  }

  /** Before this time nothing that comes is read. */
  get readsFrom(): number {
    return this.#stoppedUntil === 0 ? 0 : this.#stoppedUntil + TIMERS_FIRST_MS
  }

  /** The process does nothing for so long, as after SIGSTOP. */
  standStill(forMs: number): void {
    this.#stoppedUntil = Math.max(this.#stoppedUntil, this.#clock.now() + forMs)
  }

  /** Its clock goes on by so much at once, as when a laptop has slept; its timers don't know. */
  jump(byMs: number): void {
    this.#aheadMs += byMs
  }

  now(): number {
    return this.#clock.now() + this.#aheadMs
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    let isSet = true
    this.#timers++
    const unset = () => {
      if (isSet) this.#timers--
      isSet = false
    }
    const ring = () => {
      if (this.#isKilled) return
      if (this.#isStopped) return this.#afterStop(ring)
      if (!isSet) return
      unset()
      callback()
    }
    const cancel = this.#clock.schedule(ring, delayMs)
    return () => {
      if (!this.#isKilled) unset()
      cancel()
    }
  }

  defer(callback: () => void): void {
    const run = () => {
      if (this.#isKilled) return
      if (this.#isStopped) this.#afterStop(run)
      else callback()
    }
    if (this.#style === 'microtask') queueMicrotask(run)
    else this.#clock.defer(run)
  }

  /** What would happen now, happens when the process runs. */
  whenRunning(run: () => void): void {
    if (this.#isStopped) this.#afterStop(() => this.whenRunning(run))
    else run()
  }

  random(): number {
    return this.#random.next()
  }

  newId(characters: number): string {
    let id = ''
    while (id.length < characters) id += ALPHABET[this.#random.integer(0, 63)]
    return id
  }

  get #isStopped(): boolean {
    return this.#stoppedUntil > this.#clock.now()
  }

  #afterStop(run: () => void): void {
    this.#clock.scheduleAt(run, this.#stoppedUntil)
  }
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'
