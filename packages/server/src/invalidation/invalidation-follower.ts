import type { Invalidation } from '@hotline/core'
import type { InvalidatedPaths } from './invalidated-paths.ts'

/** One client's subscription: what it hasn't taken yet waits here, as one. */
export class InvalidationFollower {
  readonly #waiting: InvalidatedPaths
  #hasLeft = false
  #wake: (() => void) | undefined

  constructor(waiting: InvalidatedPaths) {
    this.#waiting = waiting
  }

  tell(invalidation: Invalidation): void {
    this.#waiting.add(invalidation)
    this.#wake?.()
  }

  /** What was invalidated since the last time, as soon as something was; `undefined` after it has left. */
  async next(): Promise<Invalidation | undefined> {
    while (!this.#hasLeft && this.#waiting.isEmpty) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#hasLeft ? undefined : this.#waiting.take()
  }

  leave(): void {
    this.#hasLeft = true
    this.#wake?.()
  }
}
