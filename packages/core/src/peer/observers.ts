import type { HotlineError } from '../contract/hotline-error.ts'
import type { StreamObserver } from '../contract/stream.ts'
import { isolate } from './isolate.ts'
import type { StreamWord } from './stream-word.ts'

/** Whom a stream tells what happens to it. What one of them throws concerns no other. */
export class Observers {
  readonly #observers = new Set<StreamObserver<unknown>>()

  get size(): number {
    return this.#observers.size
  }

  /** Whether one of them takes items; else these are left to a loop. */
  get wantItems(): boolean {
    for (const observer of this.#observers) if (observer.next !== undefined) return true
    return false
  }

  /**
   * Gives the undo.
   * @throws TypeError for what nothing can be told.
   */
  add(observer: StreamObserver<unknown>): () => void {
    if (typeof observer !== 'object' || observer === null) {
      throw new TypeError(`An observer is an object, as in stream.on({ next: show }), and not ${String(observer)}.`)
    }
    this.#observers.add(observer)
    return () => this.#observers.delete(observer)
  }

  clear(): void {
    this.#observers.clear()
  }

  item(item: unknown): void {
    for (const observer of this.#observers) isolate(() => observer.next?.(item))
  }

  word({ word, missed }: StreamWord): void {
    for (const observer of this.#observers) {
      isolate(() => (word === 'gap' ? observer.gap?.(missed) : observer.resumed?.()))
    }
  }

  /** Tells the end, and lets go of them; without an error the stream is complete. */
  end(error: HotlineError | undefined): void {
    const observers = [...this.#observers]
    this.#observers.clear()
    for (const observer of observers) {
      isolate(() => (error === undefined ? observer.complete?.() : observer.error?.(error)))
    }
  }
}
