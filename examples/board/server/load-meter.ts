import { performance } from 'node:perf_hooks'
import { topic } from '@hotline/server'
import type { Load } from '../shared/model.ts'

/** How many seconds a newcomer is shown at once. */
const SECONDS_KEPT = 60

/** How busy this process is, each second: whoever makes it calls `measure` that often. */
export class LoadMeter {
  readonly #measured = topic<Load>()
  #recent: readonly Load[] = []
  #before = performance.eventLoopUtilization()

  /** What was measured in the last minute, then each second. Who is slow misses some seconds, and gets the newest one. */
  async *follow(signal: AbortSignal) {
    // It begins to listen before it tells the past, so that no second falls between the two.
    const measured = this.#measured.subscribe({ whenFull: 'latest', signal })[Symbol.asyncIterator]()
    try {
      yield* this.#recent
      yield* { [Symbol.asyncIterator]: () => measured }
    } finally {
      await measured.return?.()
    }
  }

  /** Adds what was measured since the last time. */
  measure(): void {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#before)
    this.#before = now
    const load: Load = { at: new Date(), busy: Math.round(utilization * 1_000) / 1_000 }
    this.#recent = [...this.#recent, load].slice(-SECONDS_KEPT)
    this.#measured.publish(load)
  }
}
