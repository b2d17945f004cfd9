import { isHotlineError } from '@hotline/core'
import { isErrorCode } from '@hotline/core/internal'
import type { ServerFailure } from './options.ts'

/** What the log says of a failure. That a code is undeclared isn't seen in the handler that throws it, nor at the caller. */
export function whatFailed({ path, error }: Pick<ServerFailure, 'path' | 'error'>): string {
  if (path === undefined) return 'a connection failed'
  const code = undeclaredCode(error)
  if (code === undefined) return `"${path}" failed`
  return `"${path}" failed with ${code}, which it doesn't declare, so its caller gets INTERNAL: .errors({ ${code}: schema })`
}

/** Of a declared error whose data doesn't fit, something else is reported. Anything can be thrown. */
function undeclaredCode(thrown: unknown): string | undefined {
  try {
    return isHotlineError(thrown) && !isErrorCode(thrown.code) ? thrown.code : undefined
  } catch {
    return undefined
  }
}
