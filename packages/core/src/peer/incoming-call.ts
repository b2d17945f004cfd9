import type { Invocation } from '../contract/invocation.ts'
import type { StreamLane } from '../session/outbox.ts'

/** A call that the other end opened, while its handler runs. */
export class IncomingCall {
  readonly id: number
  readonly invocation: Invocation
  /** When `signal` aborts with TIMEOUT; `Infinity` for an accepted subscription. */
  deadline: number
  /** Where a stream's items wait; `undefined` for a call that isn't one. */
  lane: StreamLane | undefined
  /** What ends the stream's source early. */
  stopSource: (() => void) | undefined

  constructor(id: number, invocation: Invocation, deadline: number) {
    this.id = id
    this.invocation = invocation
    this.deadline = deadline
  }

  /** Aborts the handler's signal and stops its stream. The call ends when the handler has. */
  abort(reason: Error): void {
    if (this.invocation.isAborted) return
    this.invocation.abort(reason)
    this.stopSource?.()
    this.lane?.release()
  }
}
