import { HotlineError } from '@hotline/core'
import { type FailureContext, type Invocation, toFailure } from '@hotline/core/internal'
import { nanoid } from 'nanoid'

/** The error that a caller in the same process gets for something thrown, with the reason, since it doesn't leave the process. */
export function failureOf(thrown: unknown, { endpoint, hasBegun }: Invocation): HotlineError {
  return localFailure(thrown, { definition: endpoint.definition, mayHaveRun: hasBegun })
}

/** The same for what was thrown before there was a procedure. */
export function failureOfLoading(thrown: unknown): HotlineError {
  return localFailure(thrown, { definition: undefined, mayHaveRun: false })
}

function localFailure(thrown: unknown, context: Omit<FailureContext, 'newId'>): HotlineError {
  const failure = toFailure(thrown, { ...context, newId: () => nanoid(16) })
  if (failure.unexpected === undefined) return failure.error
  const { code, data, message, mayHaveRun } = failure.error
  return new HotlineError<string, unknown>(code, data, { message, mayHaveRun, cause: failure.unexpected.reason })
}
