import { HotlineError, isHotlineError } from '../contract/hotline-error.ts'
import type { Invocation } from '../contract/invocation.ts'

/**
 * The error that a call ends with where `thrown` says no more than that the handler has stopped when it was told to:
 * the reason why. That is no failure, and nobody has to hear of it.
 */
export function stoppedBy(invocation: Invocation, thrown: unknown): HotlineError | undefined {
  const reason = invocation.abortReason
  if (!isHotlineError(reason) || (thrown !== reason && !saysAborted(thrown, reason))) return undefined
  const details = { message: reason.message, mayHaveRun: invocation.hasBegun }
  return new HotlineError<string, unknown>(reason.code, undefined, details)
}

/**
 * What timers, streams and events reject with that take a signal, and calls of the handler's own that were given its
 * signal. Anything can be thrown, a proxy with traps too.
 */
function saysAborted(thrown: unknown, reason: HotlineError): boolean {
  try {
    if (isHotlineError(thrown, 'CANCELLED')) return thrown.cause === reason
    return thrown instanceof Error && thrown.name === 'AbortError'
  } catch {
    return false
  }
}
