import { HotlineError } from './hotline-error.ts'

/** When to ask again for a call that another process runs. */
const RUNNING_ELSEWHERE_MS = 1_000

/** The call can't be run once, whatever the store says. */
export function notWithKey(message: string): HotlineError {
  return refusal('BAD_INPUT', { issues: [] }, message, false)
}

export function keyConflict(): HotlineError {
  return refusal('KEY_CONFLICT', undefined, undefined, false)
}

/** Everyone who waited had left before it could run. */
export function deserted(): HotlineError {
  return refusal('CANCELLED', undefined, undefined, false)
}

export function resultDropped(): HotlineError {
  return refusal('RESULT_DROPPED', undefined, undefined, true)
}

export function inDoubt(): HotlineError {
  const message =
    'This call was running when its process ended, so it may have taken effect: look before calling again.'
  return refusal('OUTCOME_UNKNOWN', undefined, message, true)
}

/** Nobody waited any more, and its handler heeded that: who comes later has not cancelled anything. */
export function stoppedHalfWay(): HotlineError {
  const message =
    'This call was stopped when nobody waited for it, so it may have taken effect: look before calling again.'
  return refusal('OUTCOME_UNKNOWN', undefined, message, true)
}

export function runningElsewhere(): HotlineError {
  const message = 'Another process is running this call: call again with the same `idempotencyKey` for its outcome.'
  return refusal('TOO_MANY_REQUESTS', { retryAfterMs: RUNNING_ELSEWHERE_MS }, message, true)
}

/** `Infinity` where no older key ever goes: no timer holds it, so nobody is told to wait for it. */
export function tooManyKeys(retryAfterMs: number): HotlineError {
  const when = Number.isFinite(retryAfterMs) ? ' after `data.retryAfterMs`,' : ''
  const message = `Too many idempotency keys are kept: call again${when} when older ones have gone.`
  return refusal('TOO_MANY_REQUESTS', when === '' ? undefined : { retryAfterMs }, message, false)
}

function refusal(code: string, data: unknown, message: string | undefined, mayHaveRun: boolean): HotlineError {
  return new HotlineError<string, unknown>(code, data, { message, mayHaveRun })
}
