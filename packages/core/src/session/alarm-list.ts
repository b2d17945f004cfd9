import type { AlarmQueue, Sleeper } from './alarms.ts'

/** For as few sleepers as a client has: the first is found by looking at all of them. */
export class AlarmList implements AlarmQueue {
  readonly #times = new Map<Sleeper, number>()

  get size(): number {
    return this.#times.size
  }

  get firstAt(): number {
    return Math.min(...this.#times.values())
  }

  set(sleeper: Sleeper, at: number): boolean {
    const isEarlier = at < (this.#times.get(sleeper) ?? Number.POSITIVE_INFINITY)
    if (isEarlier) this.#times.set(sleeper, at)
    return isEarlier
  }

  delete(sleeper: Sleeper): boolean {
    return this.#times.delete(sleeper)
  }

  take(now: number): Sleeper | undefined {
    const { firstAt } = this
    for (const [sleeper, at] of this.#times) {
      if (at === firstAt && at <= now && this.delete(sleeper)) return sleeper
    }
    return undefined
  }
}
