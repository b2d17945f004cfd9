import type { StandardErrors } from './error-code.ts'
import { isHotlineError } from './hotline-error.ts'
import type { ErrorsOf, ErrorUnion } from './infer.ts'

/** What a call of `T` may reject with: the errors it declares, and Hotline's own. */
type AnyErrorOf<T> = ErrorsOf<T> | ErrorUnion<StandardErrors>

/**
 * For a `catch`, where the error is unknown: `isErrorOf(api.todos.add, error, 'LIST_FULL')`. The procedure is the
 * witness of the data's type. It is neither called nor compared: only the code is.
 */
export function isErrorOf<T, Code extends AnyErrorOf<T>['code']>(
  _procedure: T,
  error: unknown,
  code: Code,
): error is Extract<AnyErrorOf<T>, { code: Code }> {
  return isHotlineError(error, code as string) // as a string: which overload narrows makes no difference here
}
