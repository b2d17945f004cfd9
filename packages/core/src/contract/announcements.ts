import { isPosition } from './tracked.ts'

/**
 * Turns without an announcement after which all that was announced in one go has been read. A loop of an application
 * around a source takes a few of them for each item.
 */
const QUIET_TURNS = 8

/** What announces changes to a live query, listened to from the start. What the sources say is nobody's concern. */
export class Announcements {
  readonly #open = new Set<AsyncIterator<unknown>>()
  #hasChanged = false
  #hasLeft = false
  #failure: { readonly error: unknown } | undefined
  #wake: (() => void) | undefined

  /** Begins to listen at once. What a source throws as it begins is thrown on, and the others are left. */
  constructor(sources: Iterable<AsyncIterable<unknown>>) {
    try {
      for (const source of sources) this.#begin(source[Symbol.asyncIterator]())
    } catch (thrown) {
      this.leave()
      throw thrown
    }
  }

  /**
   * Resolves when something was announced since the last time, with `true`; with `false` when nothing more can be.
   * Rejects with what a source has failed with.
   */
  async next(): Promise<boolean> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error
      if (this.#hasLeft) return false
      if (this.#hasChanged) return this.#quiet()
      if (this.#open.size === 0) return false
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Listens no more. Doing it twice is fine. */
  leave(): void {
    this.#hasLeft = true
    for (const iterator of this.#open) void leave(iterator)
    this.#open.clear()
    this.#wake?.()
  }

  #begin(iterator: AsyncIterator<unknown>): void {
    this.#open.add(iterator)
    void this.#listen(iterator)
  }

  async #listen(iterator: AsyncIterator<unknown>): Promise<void> {
    try {
      for (let step = await iterator.next(); step.done !== true && !this.#hasLeft; step = await iterator.next()) {
        // Where a stream begins is no news; that some of it is missing is.
        if (!isPosition(step.value) || step.value.isGap) this.#announce()
      }
    } catch (error) {
      this.#failure ??= { error }
    }
    this.#open.delete(iterator)
    this.#wake?.()
  }

  #announce(): void {
    this.#hasChanged = true
    this.#wake?.()
  }

  /** Waits until what was announced in one go has been read, so that it counts as one. */
  async #quiet(): Promise<boolean> {
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      if (this.#hasChanged) turns = 0
      this.#hasChanged = false
      await undefined
    }
    return !this.#hasLeft
  }
}

/** It concerns nobody any more how it ends. */
async function leave(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.()
  } catch {}
}
