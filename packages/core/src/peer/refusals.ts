import { badInput } from '../contract/bad-input.ts'
import { HotlineError } from '../contract/hotline-error.ts'

// Why a call is not begun.

export function notFound(path: string): HotlineError {
  const message = `There is no procedure "${path}": check its path, and that both ends are up to date.`
  return new HotlineError('NOT_FOUND', undefined, { message })
}

export function tooManyCalls(running: number): HotlineError {
  const message = `${running} calls are running on this connection, its limit: let some end first.`
  return new HotlineError('TOO_MANY_CALLS', undefined, { message })
}

export function tooManyStreams(open: number): HotlineError {
  const message = `${open} streams are open on this connection, its limit: close some first.`
  return new HotlineError('TOO_MANY_STREAMS', undefined, { message })
}

/** `retryAfterMs` may be endless, which JSON hasn't: where nothing may be opened at all. */
export function tooFast(retryAfterMs: number): HotlineError {
  const message = `Subscriptions are opened and calls are cancelled too fast on this connection: wait ${retryAfterMs} ms.`
  const data = Number.isFinite(retryAfterMs) ? { retryAfterMs } : undefined
  return new HotlineError('TOO_MANY_REQUESTS', data, { message })
}

/** A call whose handler is stopped because its process stops. */
export function cutOff(): HotlineError {
  const message =
    'The server stopped while the call ran, so it may have run: look before calling again, or use an `idempotencyKey`.'
  return new HotlineError('OUTCOME_UNKNOWN', undefined, { message, mayHaveRun: true })
}

/** Why a handler's signal aborts that has made a stream, where something behind it refused the call: nobody will read that, or leave it. */
export function notAccepted(): HotlineError {
  return new HotlineError('CANCELLED', undefined, { message: 'The subscription was refused behind its handler.' })
}

export function undecodable(path: string, cause: unknown): HotlineError {
  const message = `The input of "${path}" could not be decoded: use the same codec on both ends, and nest values 64 deep at most.`
  return badInput([], { message, cause })
}

export function takesNoItems(path: string): HotlineError {
  const message = `"${path}" takes no items: send what it needs as its input.`
  return badInput([], { message })
}

/** A call that nobody answered in a session that was lost, and that may not run twice. */
export function mayHaveRunBefore(): HotlineError {
  return new HotlineError('OUTCOME_UNKNOWN', undefined, { mayHaveRun: true })
}

/** What a handler's `signal` aborts with when its session has ended. */
export function sessionLost(reason: string): HotlineError {
  return new HotlineError('SESSION_LOST', undefined, { message: reason })
}
