import type { Environment } from '@hotline/core/internal'

interface Timer {
  readonly at: number
  readonly callback: () => void
}

/** A clock that stands still until it is told to go on, and chance that always draws the same. */
export class ManualEnvironment implements Environment {
  #now = 0
  #ids = 0
  #timers = new Set<Timer>()
  #deferred: (() => void)[] = []

  now(): number {
    return this.#now
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer = { at: this.#now + delayMs, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback)
  }

  /** No jitter: each retry comes at once. */
  random(): number {
    return 0
  }

  newId(characters: number): string {
    return `id${++this.#ids}`.padEnd(characters, '-')
  }

  /** Lets everything run that is due: promises first, then what was deferred, then timers, until nothing is left. */
  async settle(): Promise<void> {
    do {
      await promisesToRun()
    } while (this.#runDeferred() || this.#runTimers())
  }

  /** Lets time pass, from one timer to the next. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms
    for (let at = this.#nextTimer(); at <= end; at = this.#nextTimer()) {
      this.#now = Math.max(this.#now, at)
      await this.settle()
    }
    this.#now = end
    await this.settle()
  }

  #runDeferred(): boolean {
    const deferred = this.#deferred
    this.#deferred = []
    for (const callback of deferred) callback()
    return deferred.length > 0
  }

  #runTimers(): boolean {
    const due = [...this.#timers].filter((timer) => timer.at <= this.#now)
    for (const timer of due) {
      this.#timers.delete(timer)
      timer.callback()
    }
    return due.length > 0
  }

  #nextTimer(): number {
    return Math.min(...[...this.#timers].map((timer) => timer.at))
  }
}

/** Resolves when every promise that could run has run: `setImmediate` comes after all of them. */
function promisesToRun(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
