import { HotlineError } from './hotline-error.ts'

/** Registered, not local: an error of another copy of this package carries the same mark. */
const MARK = Symbol.for('@hotline/slow-consumer')

/** The error of a stream whose reader was too slow for it, and why. Only this one crosses the wire by its code. */
export function slowConsumer(why: string): HotlineError<'SLOW_CONSUMER', undefined> {
  const message = `The stream was ended because ${why}: read faster, or ask for fewer.`
  const error = new HotlineError('SLOW_CONSUMER', undefined, { message, mayHaveRun: true })
  Object.defineProperty(error, MARK, { value: true })
  return error
}

/** Whether it came from `slowConsumer`, and not from a handler that only uses its code. */
export function isSlowConsumer(error: HotlineError): boolean {
  return MARK in error
}
