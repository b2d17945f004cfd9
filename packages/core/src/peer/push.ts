import { ENTRY_CHARACTERS } from '../session/holdings.ts'
import { PIPED, type Pipe, type Piped } from '../source/pipe.ts'
import type { Sending, StreamRunner } from './stream-runner.ts'

/**
 * Lets a source push into its stream as fast as its reader takes it: an item goes straight into the stream's lane while
 * there is credit, and else waits in the source, under its policy.
 */
export class Pusher implements Pipe<unknown>, StreamRunner {
  readonly #sending: Sending
  readonly #source: Piped<unknown>
  readonly #hold: (change: number) => void
  readonly #outcome: Promise<unknown>
  #settle: ((outcome: Promise<unknown>) => void) | undefined
  /** The item that is being checked: those behind it wait. */
  #current: Promise<void> | undefined
  #isWaiting = false
  /** Entries of the source that are counted as held. */
  #held = 0

  /** `hold` counts what waits in the source. An entry isn't text yet, and many may have it in common: it counts as a slot. */
  constructor(sending: Sending, source: Piped<unknown>, hold: (change: number) => void = () => {}) {
    this.#sending = sending
    this.#source = source
    this.#hold = hold
    this.#outcome = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  get hasRoom(): boolean {
    return this.#current === undefined && this.#sending.flow.hasRoom && !this.#sending.mustWait
  }

  run(): Promise<unknown> {
    this.#source[PIPED](this)
    return this.#outcome
  }

  stop(): void {
    this.#end(this.#source.return())
  }

  send(item: unknown): void {
    try {
      const sending = this.#sending.send(item)
      if (sending !== undefined)
        this.#current = sending.then(
          () => this.#sent(),
          (thrown) => this.#fail(thrown),
        )
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  wait(): void {
    this.#count(this.#source.waiting)
    if (this.#isWaiting || this.hasRoom || this.#current !== undefined) return
    this.#isWaiting = true
    void this.#awaitRoom()
  }

  ended(failure: { readonly error: unknown } | undefined): void {
    this.#end(failure === undefined ? Promise.resolve(undefined) : Promise.reject(failure.error))
  }

  async #awaitRoom(): Promise<void> {
    await this.#sending.flow.changed()
    this.#isWaiting = false
    // Where there is no room after all, the source says again that it waits.
    this.#drain()
  }

  #sent(): void {
    this.#current = undefined
    this.#drain()
  }

  #drain(): void {
    this.#source.drain()
    this.#count(this.#source.waiting)
  }

  #count(waiting: number): void {
    if (waiting !== this.#held) this.#hold((waiting - this.#held) * ENTRY_CHARACTERS)
    this.#held = waiting
  }

  #fail(thrown: unknown): void {
    this.#current = undefined
    // As where a loop is left by a throw: what its source throws then doesn't count.
    const tell = () => Promise.reject(thrown)
    this.#end(this.#source.return().then(tell, tell))
  }

  /** Only the first end counts; it is told when the item before it is through. */
  #end(outcome: Promise<unknown>): void {
    // It is awaited where the stream ends; until then it isn't unhandled.
    outcome.catch(() => {})
    const settle = this.#settle
    if (settle === undefined) return
    this.#settle = undefined
    // Whatever waited is forgotten.
    this.#count(0)
    this.#sending.flow.stop()
    if (this.#current === undefined) settle(outcome)
    else settle(this.#current.then(() => outcome))
  }
}
