import type { Invocation } from '../contract/invocation.ts'
import type { IncomingItems } from './incoming-items.ts'
import type { Outflow } from './outflow.ts'
import type { StreamRunner } from './stream-runner.ts'

/** A call that the other end opened, while its handler runs. */
export class IncomingCall {
  readonly id: number
  readonly invocation: Invocation
  /** When `signal` aborts with TIMEOUT; `Infinity` for an accepted subscription. */
  deadline = Number.POSITIVE_INFINITY
  readonly #timeoutMs: number
  /** What the caller streams in, where it does. */
  readonly items: IncomingItems | undefined
  /** Where a stream's items go; `undefined` for a call that isn't one. */
  flow: Outflow | undefined
  /** Whether it carries an idempotency key. */
  isKeyed = false
  /** Of its message, which its handler has as its input. */
  size = 0
  /** What runs the stream's source. */
  runner: StreamRunner | undefined

  constructor(id: number, invocation: Invocation, items: IncomingItems | undefined, timeoutMs: number) {
    this.id = id
    this.invocation = invocation
    this.items = items
    this.#timeoutMs = timeoutMs
  }

  get isStream(): boolean {
    return this.invocation.endpoint.definition.kind === 'subscription'
  }

  /** Its time begins, anew with each item of its caller. */
  progressed(now: number): void {
    this.deadline = now + this.#timeoutMs
  }

  /** Aborts the handler's signal and stops its streams; doing it twice is fine. The call ends when the handler has. */
  abort(reason: Error): void {
    this.invocation.abort(reason)
    this.items?.fail(reason)
    this.runner?.stop()
  }
}
