import type { Environment } from './environment.ts'

/** Something that wants to be woken at a time. */
export interface Sleeper {
  /** Returns when to be woken next, a millisecond from now at the earliest; `Infinity` for not at all. */
  wake(now: number): number
}

/** Sleepers with the times to wake them at: an `AlarmList` for few, an `AlarmHeap` for many. */
export interface AlarmQueue {
  readonly size: number
  /** The time of the first, or an earlier one of a sleeper that is gone; `Infinity` where there is none. */
  readonly firstAt: number
  /** Puts a sleeper in, or moves it forward. Gives whether that changed anything: `Infinity`, or later than before, doesn't. */
  set(sleeper: Sleeper, at: number): boolean
  /** Gives whether it was there. */
  delete(sleeper: Sleeper): boolean
  /** Takes out the first of those that are due at `now`. */
  take(now: number): Sleeper | undefined
}

/**
 * One timer for any number of sleepers, however often their times change. A time that moved later is found out when its
 * alarm goes off, so pushing a deadline back costs nothing.
 */
export class Alarms {
  readonly #environment: Pick<Environment, 'now' | 'setTimer'>
  readonly #queue: AlarmQueue
  #cancelTimer: (() => void) | undefined
  #timerAt = Number.POSITIVE_INFINITY
  #waking: Sleeper | undefined

  constructor(environment: Pick<Environment, 'now' | 'setTimer'>, queue: AlarmQueue) {
    this.#environment = environment
    this.#queue = queue
  }

  /** Sleepers that have an alarm. */
  get size(): number {
    return this.#queue.size
  }

  /** Wakes `sleeper` at `at` or earlier. `Infinity`, or later than it has already, changes nothing. */
  set(sleeper: Sleeper, at: number): void {
    if (this.#queue.set(sleeper, at)) this.#arm()
  }

  /** One that is being woken isn't again, whatever it returns then. */
  delete(sleeper: Sleeper): void {
    if (this.#waking === sleeper) this.#waking = undefined
    if (this.#queue.delete(sleeper)) this.#arm()
  }

  #ring(): void {
    this.#timerAt = Number.POSITIVE_INFINITY
    this.#cancelTimer = undefined
    const now = this.#environment.now()
    for (let due = this.#queue.take(now); due !== undefined; due = this.#queue.take(now)) {
      this.#waking = due
      const next = due.wake(now)
      // Not within this loop again: who always finds something due must not stop the world.
      if (this.#waking === due) this.set(due, Math.max(now + 1, next))
    }
    this.#arm()
  }

  #arm(): void {
    const at = this.#queue.firstAt
    if (at >= this.#timerAt && at !== Number.POSITIVE_INFINITY) return
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#timerAt = at
    if (at === Number.POSITIVE_INFINITY) return
    this.#cancelTimer = this.#environment.setTimer(() => this.#ring(), Math.max(0, at - this.#environment.now()))
  }
}
