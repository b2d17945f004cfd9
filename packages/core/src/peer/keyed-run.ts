import type { Definition } from '../contract/definition.ts'
import type { IdempotencyKey } from '../contract/idempotency-store.ts'
import type { Invocation } from '../contract/invocation.ts'

/** A call that carries a key: what it wants to run, and who waits for the answer. */
export interface KeyedCall {
  readonly key: IdempotencyKey
  /** What runs where nothing has run with this key yet. */
  readonly invocation: Invocation
  /** Whether it was sent before, in a session that was lost. */
  readonly isAgain: boolean
  /** The input as text; `undefined` where it is nested too deeply. */
  readonly inputText: string | undefined
  /** Aborts when this caller waits no more. */
  readonly signal: AbortSignal
  /** Something was thrown that callers see only as `INTERNAL`. */
  report(report: { readonly path: string; readonly id: string; readonly reason: unknown }): void
  /** Gets the answer's text, once. Its id is 0: see `withId`. */
  answer(text: string): void
}

/** Makes the answer of a call that waits no more. */
type Leave = (reason: unknown) => string

/** One run of a key, and the calls that wait for its end. */
export class KeyedRun {
  /** The call that began it: what runs is its own. */
  readonly first: KeyedCall
  readonly inputHash: string
  /** Whether the procedure was called; before, only the store was asked. */
  hasStarted = false
  onEnd: () => void = () => {}
  readonly #calls = new Map<KeyedCall, Leave>()
  #waiting = 0

  constructor(first: KeyedCall, inputHash: string) {
    this.first = first
    this.inputHash = inputHash
  }

  get key(): IdempotencyKey {
    return this.first.key
  }

  get invocation(): Invocation {
    return this.first.invocation
  }

  get definition(): Definition {
    return this.invocation.endpoint.definition
  }

  /** Whether nobody waits for it any more. */
  get isDeserted(): boolean {
    return this.#waiting === 0
  }

  /**
   * Another call waits. If it leaves, it gets the answer that `leave` makes of its signal's reason: at once while others
   * wait. The last to leave stops the run, and gets its answer when that has really ended.
   */
  wait(call: KeyedCall, leave: Leave): void {
    this.#calls.set(call, leave)
    this.#waiting++
    call.signal.addEventListener('abort', () => this.#left(call, leave), { once: true })
  }

  /** Answers everyone who is still there. */
  end(text: string): void {
    this.onEnd()
    for (const [call, leave] of this.#calls) call.answer(call.signal.aborted ? leave(call.signal.reason) : text)
    this.#calls.clear()
  }

  #left(call: KeyedCall, leave: Leave): void {
    if (!this.#calls.has(call)) return
    if (--this.#waiting > 0) {
      this.#calls.delete(call)
      return call.answer(leave(call.signal.reason))
    }
    // What has not been called yet needs no stopping, and somebody may still come to wait for it.
    if (this.hasStarted) this.invocation.abort(call.signal.reason)
  }
}

/** The answer of a call with this id: the first number in an answer is its id. */
export function withId(answer: string, id: number): string {
  return answer.replace(',0', `,${id}`)
}
