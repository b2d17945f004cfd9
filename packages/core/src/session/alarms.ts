import type { Environment } from './environment.ts'
import { Heap } from './heap.ts'

/** Something that wants to be woken at a time. */
export interface Sleeper {
  /** Returns when to be woken next, a millisecond from now at the earliest; `Infinity` for not at all. */
  wake(now: number): number
}

interface Alarm {
  /** `undefined` once the sleeper has an earlier alarm, or none: what is closed must not be kept alive by its alarm. */
  sleeper: Sleeper | undefined
  readonly at: number
}

/** Alarms of nobody that may lie in the heap beside as many as have a sleeper. */
const SPARE_ALARMS = 64

/**
 * One timer for any number of sleepers, however often their times change. A time that moved later is found out when its
 * alarm goes off, so pushing a deadline back costs nothing.
 */
export class Alarms {
  readonly #environment: Pick<Environment, 'now' | 'setTimer'>
  readonly #heap = new Heap<Alarm>((one, other) => one.at < other.at)
  readonly #alarms = new Map<Sleeper, Alarm>()
  #cancelTimer: (() => void) | undefined
  #timerAt = Number.POSITIVE_INFINITY

  constructor(environment: Pick<Environment, 'now' | 'setTimer'>) {
    this.#environment = environment
  }

  /** Sleepers that have an alarm. */
  get size(): number {
    return this.#alarms.size
  }

  /** Alarms that are kept, those of nobody included. */
  get kept(): number {
    return this.#heap.size
  }

  /** Wakes `sleeper` at `at` or earlier. `Infinity`, or later than it has already, changes nothing. */
  set(sleeper: Sleeper, at: number): void {
    const set = this.#alarms.get(sleeper)
    if (at >= (set?.at ?? Number.POSITIVE_INFINITY)) return
    if (set !== undefined) set.sleeper = undefined
    const alarm = { sleeper, at }
    this.#alarms.set(sleeper, alarm)
    this.#heap.push(alarm)
    this.#compact()
    this.#arm()
  }

  delete(sleeper: Sleeper): void {
    const set = this.#alarms.get(sleeper)
    if (set === undefined) return
    set.sleeper = undefined
    this.#alarms.delete(sleeper)
    this.#compact()
    this.#arm()
  }

  #ring(): void {
    this.#timerAt = Number.POSITIVE_INFINITY
    this.#cancelTimer = undefined
    const now = this.#environment.now()
    for (let { first } = this.#heap; first !== undefined && first.at <= now; first = this.#heap.first) {
      this.#heap.shift()
      const { sleeper } = first
      if (sleeper === undefined) continue
      this.#alarms.delete(sleeper)
      // Not within this loop again: who always finds something due must not stop the world.
      this.set(sleeper, Math.max(now + 1, sleeper.wake(now)))
    }
    this.#arm()
  }

  #arm(): void {
    // What is left in the heap then belongs to nobody, and needs no timer.
    if (this.#alarms.size === 0) this.#heap.takeAll()
    const at = this.#heap.first?.at ?? Number.POSITIVE_INFINITY
    if (at === this.#timerAt || (at > this.#timerAt && this.#heap.size > 0)) return
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#timerAt = at
    if (at === Number.POSITIVE_INFINITY) return
    this.#cancelTimer = this.#environment.setTimer(() => this.#ring(), Math.max(0, at - this.#environment.now()))
  }

  /** Who often gets an earlier alarm, or comes and goes, leaves alarms of nobody: they must not pile up until their time. */
  #compact(): void {
    if (this.#heap.size <= 2 * this.#alarms.size + SPARE_ALARMS) return
    for (const alarm of this.#heap.takeAll()) if (alarm.sleeper !== undefined) this.#heap.push(alarm)
  }
}
