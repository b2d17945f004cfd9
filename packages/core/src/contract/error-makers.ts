import type { Definition } from './definition.ts'
import { type ErrorDetails, HotlineError } from './hotline-error.ts'

/** Makes one declared error. Data may be left out exactly when its schema's output may be undefined. */
export type ErrorMaker<Code extends string, Data> = undefined extends Data
  ? (data?: Data, details?: ErrorDetails) => HotlineError<Code, Data>
  : (data: Data, details?: ErrorDetails) => HotlineError<Code, Data>

/** What a handler throws: `throw errors.LIST_FULL({ max: 100 })`. */
export type ErrorMakers<Errors> = { readonly [Code in keyof Errors]: ErrorMaker<Code & string, Errors[Code]> }

/** The makers as the run time sees them, by code. */
export type AnyErrorMakers = Readonly<Record<string, (data?: unknown, details?: ErrorDetails) => HotlineError>>

/**
 * Makers for the declared errors of one procedure. Make them once per definition and keep them.
 * The data is not checked here but where the thrown error leaves the procedure.
 */
export function errorMakers(errors: Definition['errors']): AnyErrorMakers {
  const makers = Object.keys(errors).map((code) => [code, errorMaker(code)] as const)
  return Object.freeze(Object.fromEntries(makers))
}

function errorMaker(code: string): AnyErrorMakers[string] {
  return (data, details) => new HotlineError<string, unknown>(code, data, details)
}
