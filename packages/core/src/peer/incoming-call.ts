import type { Invocation } from '../contract/invocation.ts'
import { StreamLane } from '../session/outbox.ts'

/** A call that the other end opened, while its handler runs. */
export class IncomingCall {
  readonly id: number
  readonly invocation: Invocation
  /** When `signal` aborts with TIMEOUT; `Infinity` for an accepted subscription. */
  deadline: number
  /** What ends the stream's source early. */
  stopSource: (() => void) | undefined
  #lane: StreamLane | undefined

  constructor(id: number, invocation: Invocation, deadline: number) {
    this.id = id
    this.invocation = invocation
    this.deadline = deadline
  }

  get lane(): StreamLane {
    this.#lane ??= new StreamLane()
    return this.#lane
  }

  /** Aborts the handler's signal and stops its stream. The call ends when the handler has. */
  abort(reason: Error): void {
    if (this.invocation.isAborted) return
    this.invocation.abort(reason)
    this.stopSource?.()
    const { onEmpty } = this.lane
    this.lane.onEmpty = undefined
    onEmpty?.()
  }
}
