import { performance } from 'node:perf_hooks'
import { topic, tracked } from '@hotline/server'
import type { Load } from '../shared/model.ts'

/** How many seconds a newcomer is shown at once. */
const SECONDS_KEPT = 60

/** How busy this process is, each second: whoever makes it calls `measure` that often. */
export class LoadMeter {
  readonly #measured = topic<Load>()
  #recent: readonly Load[] = []
  #before = performance.eventLoopUtilization()

  /**
   * What was measured in the last minute and after `after`, then each second, each with its time as its id. Who is slow
   * misses some seconds, and gets the newest one.
   */
  async *follow({ after = 0, signal }: { readonly after?: number; readonly signal: AbortSignal }) {
    // It begins to listen before it tells the past, so that no second falls between the two.
    const measured = this.#measured.subscribe({ whenFull: 'latest', signal })[Symbol.asyncIterator]()
    try {
      for (const load of this.#recent) if (load.at.getTime() > after) yield tracked(idOf(load), load)
      yield* { [Symbol.asyncIterator]: () => measured }
    } finally {
      await measured.return?.()
    }
  }

  /** Adds what was measured since the last time, as that of the second that ends now. */
  measure(at: Date): void {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#before)
    this.#before = now
    const load: Load = { at, busy: Math.round(utilization * 1_000) / 1_000 }
    this.#recent = [...this.#recent, load].slice(-SECONDS_KEPT)
    this.#measured.publish(load, { id: idOf(load) })
  }
}

function idOf({ at }: Load): string {
  return String(at.getTime())
}
