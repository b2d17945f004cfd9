import type { AlarmQueue, Sleeper } from './alarms.ts'
import { Heap } from './heap.ts'

interface Alarm {
  /** `undefined` once the sleeper has an earlier alarm, or none: what is closed must not be kept alive by its alarm. */
  sleeper: Sleeper | undefined
  readonly at: number
}

/** Alarms of nobody that may lie in the heap beside as many as have a sleeper. */
const SPARE_ALARMS = 64

/** For as many sleepers as a server has. */
export class AlarmHeap implements AlarmQueue {
  readonly #heap = new Heap<Alarm>((one, other) => one.at < other.at)
  readonly #alarms = new Map<Sleeper, Alarm>()

  get size(): number {
    return this.#alarms.size
  }

  /** Alarms that are kept, those of nobody included. */
  get kept(): number {
    return this.#heap.size
  }

  get firstAt(): number {
    return this.#heap.first?.at ?? Number.POSITIVE_INFINITY
  }

  set(sleeper: Sleeper, at: number): boolean {
    const set = this.#alarms.get(sleeper)
    if (at >= (set?.at ?? Number.POSITIVE_INFINITY)) return false
    if (set !== undefined) set.sleeper = undefined
    const alarm = { sleeper, at }
    this.#alarms.set(sleeper, alarm)
    this.#heap.push(alarm)
    this.#compact()
    return true
  }

  delete(sleeper: Sleeper): boolean {
    const set = this.#alarms.get(sleeper)
    if (set === undefined) return false
    set.sleeper = undefined
    this.#alarms.delete(sleeper)
    this.#compact()
    return true
  }

  take(now: number): Sleeper | undefined {
    while (this.firstAt <= now) {
      const sleeper = this.#heap.shift()?.sleeper
      if (sleeper === undefined) continue
      this.#alarms.delete(sleeper)
      this.#compact()
      return sleeper
    }
    return undefined
  }

  /** Who often gets an earlier alarm, or comes and goes, leaves alarms of nobody: they must not pile up until their time. */
  #compact(): void {
    // What is left in the heap then belongs to nobody, and needs no timer.
    if (this.#alarms.size > 0 && this.#heap.size <= 2 * this.#alarms.size + SPARE_ALARMS) return
    for (const alarm of this.#heap.takeAll()) if (alarm.sleeper !== undefined) this.#heap.push(alarm)
  }
}
