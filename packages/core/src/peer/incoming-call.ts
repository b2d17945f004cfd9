import { HotlineError, isHotlineError } from '../contract/hotline-error.ts'
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

  /** The error that it ends with where `thrown` says no more than that the handler has stopped when it was told to. */
  stoppedBy(thrown: unknown): HotlineError | undefined {
    const reason: unknown = this.invocation.isAborted ? this.invocation.signal.reason : undefined
    if (!isHotlineError(reason) || (thrown !== reason && !isAbortError(thrown))) return undefined
    const details = { message: reason.message, mayHaveRun: this.invocation.hasBegun }
    return new HotlineError<string, unknown>(reason.code, undefined, details)
  }
}

/** What timers, streams and events reject with that take a signal. Anything can be thrown, a proxy with traps too. */
function isAbortError(thrown: unknown): boolean {
  try {
    return thrown instanceof Error && thrown.name === 'AbortError'
  } catch {
    return false
  }
}
