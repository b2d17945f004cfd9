import type { SourceIterator } from '../contract/source-iterator.ts'
import type { Sending, StreamRunner } from './stream-runner.ts'

/** A source that is pulled, and how what it gives is sent. */
export interface Pulled extends Sending {
  readonly iterator: SourceIterator
}

/**
 * Pulls a source as fast as its reader takes it: one item at a time, and none without credit. `run` settles once, when
 * the source has ended and cleaned up: with what it returned, also where `stop` made it return.
 */
export class Puller implements StreamRunner {
  readonly #pulled: Pulled
  #stopped: Promise<unknown> | undefined
  /** Whether the source has ended by itself: then there is nothing to leave. */
  #isOver = false

  constructor(pulled: Pulled) {
    this.#pulled = pulled
  }

  /** Ends the source early. Doing it twice is fine. */
  stop(): void {
    if (this.#stopped !== undefined || this.#isOver) return
    this.#stopped = leave(this.#pulled.iterator)
    // It is awaited where the pulling ends; until then it isn't unhandled.
    this.#stopped.catch(() => {})
    this.#pulled.flow.stop()
  }

  async run(): Promise<unknown> {
    const { iterator, flow } = this.#pulled
    for (;;) {
      if (!flow.hasRoom || this.#pulled.mustWait) await this.#room()
      if (this.#stopped !== undefined) return this.#stopped
      let step: IteratorResult<unknown, unknown>
      try {
        step = await iterator.next()
      } catch (thrown) {
        this.#isOver = true
        throw thrown
      }
      this.#isOver = step.done === true
      if (step.done === true) return step.value
      if (this.#stopped !== undefined) return this.#stopped
      try {
        const sending = this.#pulled.send(step.value)
        if (sending !== undefined) await sending
      } catch (thrown) {
        this.stop()
        await this.#cleanedUp()
        throw thrown
      }
    }
  }

  /** As where a loop is left by a throw: what its source throws then doesn't count. */
  async #cleanedUp(): Promise<void> {
    await this.#stopped?.catch(() => {})
  }

  async #room(): Promise<void> {
    const { flow } = this.#pulled
    do await flow.changed()
    while (!flow.hasRoom && !flow.hasStopped)
  }
}

/** A source's `return` may throw at once, where a generator's rejects. */
async function leave(iterator: SourceIterator): Promise<unknown> {
  return iterator.return?.()
}
