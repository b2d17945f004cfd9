import { isBadInput } from './bad-input.ts'
import { declaredData } from './declared-data.ts'
import type { Definition } from './definition.ts'
import { ERROR_CODES, isThrowable, type StandardErrors } from './error-code.ts'
import { HotlineError, isHotlineError } from './hotline-error.ts'
import { isThenable } from './is-thenable.ts'
import { shownError } from './shown-error.ts'
import { isSlowConsumer } from './slow-consumer.ts'
import { check, checkResult } from './validate.ts'

/** What a caller may see of something thrown, and what only this side's log may. */
export interface Failure {
  readonly error: HotlineError
  /** What was thrown, where the caller gets `INTERNAL` for it. */
  readonly unexpected: { readonly id: string; readonly reason: unknown } | undefined
}

/** A message is for people; a longer one could be more than the wire takes. */
const MAX_MESSAGE_CHARACTERS = 2_048

/** Where a failure came from. */
export interface FailureContext {
  readonly definition: Pick<Definition, 'errors'> | undefined
  /** Whether the handler had begun. */
  readonly mayHaveRun: boolean
  /** For development: `INTERNAL` shows what was thrown. */
  readonly exposesErrors?: boolean | undefined
  newId(): string
}

/**
 * Decides what of a thrown value crosses the wire: declared errors whose data fits, and the few codes that anyone may
 * throw. The rest becomes `INTERNAL` with an id. Anything can be thrown, so nothing here trusts the value.
 */
export function toFailure(thrown: unknown, context: FailureContext): Failure {
  try {
    return expected(thrown, context) ?? internal(thrown, context)
  } catch (trap) {
    return internal(trap, context)
  }
}

function expected(thrown: unknown, { definition, mayHaveRun }: FailureContext): Failure | undefined {
  if (!isHotlineError(thrown)) return undefined
  const { code, message, data } = thrown
  const schema =
    definition !== undefined && Object.hasOwn(definition.errors, code) ? definition.errors[code] : undefined
  if (schema === undefined) {
    if (isThrowable(code)) return { error: copy(code, ownData(code, data), message, mayHaveRun), unexpected: undefined }
    // Codes that are Hotline's to give cross where Hotline gave them.
    const isOurs = isSlowConsumer(thrown) || (!mayHaveRun && isBadInput(thrown))
    return isOurs ? { error: copy(code, data, message, mayHaveRun), unexpected: undefined } : undefined
  }
  const checked = check(schema, data)
  if (isThenable(checked)) {
    Promise.resolve(checked).catch(() => {})
    throw new Error(`The data of error ${code} has a schema that answers later: use one that answers at once.`)
  }
  checkResult(checked)
  if (checked.issues !== undefined) {
    throw new Error(
      `The data of error ${code} does not fit its schema: ${checked.issues[0]?.message ?? 'no reason given'}`,
    )
  }
  const declared = declaredData(data, checked.value)
  return { error: copy(code, declared, message, mayHaveRun), unexpected: undefined }
}

/** What the table of codes says that an error carries which anyone may throw: nothing, but for one number. */
function ownData(code: string, data: unknown): StandardErrors['TOO_MANY_REQUESTS'] {
  if (code !== 'TOO_MANY_REQUESTS' || typeof data !== 'object' || data === null) return undefined
  const retryAfterMs: unknown = 'retryAfterMs' in data ? data.retryAfterMs : undefined
  // What is no time would make whoever waits for it try again at once.
  return typeof retryAfterMs === 'number' && retryAfterMs >= 0 && retryAfterMs < Number.POSITIVE_INFINITY
    ? { retryAfterMs }
    : undefined
}

function internal(reason: unknown, { mayHaveRun, exposesErrors = false, newId }: FailureContext): Failure {
  const id = newId()
  return {
    error: new HotlineError('INTERNAL', exposesErrors ? { id, thrown: shownError(reason) } : { id }, {
      message: `${ERROR_CODES.INTERNAL.message.split(':')[0]}: see ${id} in its log.`,
      mayHaveRun,
    }),
    unexpected: { id, reason },
  }
}

function copy(code: string, data: unknown, message: string, mayHaveRun: boolean): HotlineError {
  const shown = String(message).slice(0, MAX_MESSAGE_CHARACTERS)
  return new HotlineError<string, unknown>(code, data, { message: shown, mayHaveRun })
}
