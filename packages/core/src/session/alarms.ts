import type { Environment } from './environment.ts'

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
 * One timer for any number of sleepers, however often their times change: a binary heap by time. A time that moved
 * later is found out when its alarm goes off, so pushing a deadline back costs nothing.
 */
export class Alarms {
  readonly #environment: Pick<Environment, 'now' | 'setTimer'>
  readonly #heap: Alarm[] = []
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
    return this.#heap.length
  }

  /** Wakes `sleeper` at `at` or earlier. `Infinity`, or later than it has already, changes nothing. */
  set(sleeper: Sleeper, at: number): void {
    const set = this.#alarms.get(sleeper)
    if (at >= (set?.at ?? Number.POSITIVE_INFINITY)) return
    if (set !== undefined) set.sleeper = undefined
    const alarm = { sleeper, at }
    this.#alarms.set(sleeper, alarm)
    this.#insert(alarm)
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
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.#removeFirst()
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
    if (this.#alarms.size === 0) this.#heap.length = 0
    const at = this.#heap[0]?.at ?? Number.POSITIVE_INFINITY
    if (at === this.#timerAt || (at > this.#timerAt && this.#heap.length > 0)) return
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    this.#timerAt = at
    if (at === Number.POSITIVE_INFINITY) return
    this.#cancelTimer = this.#environment.setTimer(() => this.#ring(), Math.max(0, at - this.#environment.now()))
  }

  /** Who often gets an earlier alarm, or comes and goes, leaves alarms of nobody: they must not pile up until their time. */
  #compact(): void {
    if (this.#heap.length <= 2 * this.#alarms.size + SPARE_ALARMS) return
    const alarms = this.#heap.splice(0)
    for (const alarm of alarms) if (alarm.sleeper !== undefined) this.#insert(alarm)
  }

  #insert(alarm: Alarm): void {
    const heap = this.#heap
    let index = heap.length
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = heap[parentIndex]
      if (parent === undefined || parent.at <= alarm.at) break
      heap[index] = parent
      index = parentIndex
    }
    heap[index] = alarm
  }

  #removeFirst(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      let childIndex = index * 2 + 1
      let child = heap[childIndex]
      const right = heap[childIndex + 1]
      if (right !== undefined && child !== undefined && right.at < child.at) {
        child = right
        childIndex++
      }
      if (child === undefined || child.at >= last.at) break
      heap[index] = child
      index = childIndex
    }
    heap[index] = last
  }
}
