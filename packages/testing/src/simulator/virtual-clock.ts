import { Heap } from '@hotline/core/internal'

interface Entry {
  readonly at: number
  /** Among those of one time, the one set first runs first. */
  readonly order: number
  /** `undefined` once it has been cancelled. */
  run: (() => void) | undefined
}

/**
 * Time that goes on only when nothing is left to do now. Whatever shall happen stands in one heap by time and order, so
 * a run depends on nothing but what was put there.
 */
export class VirtualClock {
  readonly #thrown: (error: unknown) => void
  #now = 0
  #order = 0
  #deferred: (() => void)[] = []
  readonly #heap = new Heap(isBefore)

  /** `thrown` is told what a callback threw; the others run on. */
  constructor(thrown: (error: unknown) => void) {
    this.#thrown = thrown
  }

  now(): number {
    return this.#now
  }

  /** Calls back once, `delayMs` from now. Returns the undo. */
  schedule(run: () => void, delayMs: number): () => void {
    return this.scheduleAt(run, this.#now + delayMs)
  }

  /** Calls back once, at a time: what waits for the same one keeps its order, however long each has waited. */
  scheduleAt(run: () => void, at: number): () => void {
    const entry: Entry = { at: Math.max(this.#now, at), order: this.#order++, run }
    this.#heap.push(entry)
    return () => {
      entry.run = undefined
    }
  }

  /** Calls back when what happens now, with all the promises that it settles, is over; no time passes until then. */
  defer(run: () => void): void {
    this.#deferred.push(run)
  }

  /** Does the next thing due. `false` where nothing is left up to `until`: then it is `until`. */
  step(until: number): boolean {
    if (this.#deferred.length > 0) {
      const deferred = this.#deferred
      this.#deferred = []
      for (const run of deferred) this.#call(run)
      return true
    }
    for (let { first } = this.#heap; first !== undefined && first.at <= until; first = this.#heap.first) {
      this.#heap.shift()
      const { run } = first
      if (run === undefined) continue
      this.#now = first.at
      this.#call(run)
      return true
    }
    if (until !== Number.POSITIVE_INFINITY) this.#now = until
    return false
  }

  /**
   * Runs until `until`, or until nothing is left. Between two things it gives the event loop one turn: the only moment at
   * which Node promises that every settled promise has been heard. Many runs at once share the price of a turn
   * (0.9 µs of CPU for one run alone, 0.2 µs each for eight).
   */
  run(until: number): Promise<void> {
    return new Promise((resolve) => {
      const turn = () => (this.step(until) ? setImmediate(turn) : resolve())
      turn()
    })
  }

  #call(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.#thrown(error)
    }
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.at === other.at ? one.order < other.order : one.at < other.at
}
