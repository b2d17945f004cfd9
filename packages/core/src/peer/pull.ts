import type { SourceIterator } from '../contract/source-iterator.ts'
import type { Outflow } from './outflow.ts'

/** A source that is pulled, and how what it gives is sent. */
export interface Pulled {
  readonly flow: Outflow
  readonly iterator: SourceIterator
  /** Sends one item into the flow's lane; a promise only where something has to be waited for. What it throws stops the source. */
  send(given: unknown): void | Promise<void>
  /** Whether the line has no room though the lane has. */
  readonly mustWait: boolean
}

/**
 * Pulls a source as fast as its reader takes it: one item at a time, and none without credit. Settles once, when the
 * source has ended and cleaned up: with what it returned, or `undefined` where `stopper` has stopped it.
 */
export class Puller {
  readonly #pulled: Pulled
  #stopped: Promise<unknown> | undefined

  constructor(pulled: Pulled) {
    this.#pulled = pulled
  }

  /** Ends the source early. Doing it twice is fine. */
  stop(): void {
    if (this.#stopped !== undefined) return
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
      const step = await iterator.next()
      if (step.done === true) return step.value
      if (this.#stopped !== undefined) return this.#stopped
      try {
        const sending = this.#pulled.send(step.value)
        if (sending !== undefined) await sending
      } catch (thrown) {
        this.stop()
        await this.#stopped
        throw thrown
      }
    }
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
