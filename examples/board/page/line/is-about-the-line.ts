import { isHotlineError } from '@hotline/client'

const CODES = ['TIMEOUT', 'NOT_SENT', 'SESSION_LOST', 'OUTCOME_UNKNOWN']

/** Whether a call failed on its way, and not because of what was asked: the next attempt may do better. */
export function isAboutTheLine(error: unknown): boolean {
  return isHotlineError(error) && CODES.includes(error.code)
}
