import { slowConsumer } from '../contract/slow-consumer.ts'
import { Queue } from '../session/queue.ts'
import type { WhenFull } from './when-full.ts'

/** Pushes that may wait at a time beside what waits already. Who pushes on regardless doesn't wait at all. */
const MAX_BLOCKED = 256

/** What waits for one reader: never more than it has room for. */
export class Backlog<Entry> {
  readonly #whenFull: WhenFull
  readonly #capacity: number
  readonly #entries = new Queue<Entry>()
  /** Who waits for the room of its entry: of those beyond the capacity, in order. */
  readonly #blocked = new Queue<() => void>()
  #missed = 0

  constructor(whenFull: WhenFull, capacity: number) {
    this.#whenFull = whenFull
    this.#capacity = capacity
  }

  /** Entries that wait. */
  get size(): number {
    return this.#entries.size
  }

  /**
   * Adds an entry. A promise, which resolves when the entry has room, where whoever pushes has to wait.
   * @throws HotlineError `SLOW_CONSUMER` where there is no room, and forgetting something is no way out.
   */
  push(entry: Entry): void | Promise<void> {
    if (this.#entries.size < this.#capacity) return this.#entries.push(entry)
    if (this.#whenFull === 'block') return this.#block(entry)
    if (this.#whenFull === 'fail') throw slowConsumer(`${this.#capacity} items waited for their reader`)
    this.#entries.shift()
    this.#missed++
    this.#entries.push(entry)
  }

  /** How many entries were forgotten before the next one; 0 the next time. */
  takeMissed(): number {
    const missed = this.#missed
    this.#missed = 0
    return missed
  }

  /** The oldest entry. Only where `size` says that there is one, since it may be `undefined`. */
  take(): Entry | undefined {
    const entry = this.#entries.shift()
    this.#blocked.shift()?.()
    return entry
  }

  /** Nobody reads any more: nothing is kept, and nobody waits. */
  forget(): void {
    this.#missed = 0
    while (this.#entries.size > 0) this.take()
  }

  #block(entry: Entry): Promise<void> {
    if (this.#blocked.size >= MAX_BLOCKED) {
      throw slowConsumer(
        `${this.#entries.size} items waited for their reader, since its source doesn't wait for push()`,
      )
    }
    this.#entries.push(entry)
    return new Promise((resolve) => this.#blocked.push(resolve))
  }
}
