import type { InputIssue } from './error-code.ts'
import { type ErrorDetails, HotlineError, isHotlineError } from './hotline-error.ts'

/** Registered, not local: an error of another copy of this package carries the same mark. */
const MARK = Symbol.for('@hotline/bad-input')

/** The error of an input that is refused before its handler begins. Only this one crosses the wire by its code. */
export function badInput(
  issues: readonly InputIssue[],
  details: ErrorDetails = {},
): HotlineError<'BAD_INPUT', { readonly issues: readonly InputIssue[] }> {
  const error = new HotlineError('BAD_INPUT', { issues }, details)
  Object.defineProperty(error, MARK, { value: true })
  return error
}

/** Whether it came from `badInput`, and not from an application that only uses its code. */
export function isBadInput(thrown: unknown): thrown is HotlineError {
  return isHotlineError(thrown) && MARK in thrown
}
