import type { Reply } from './call.ts'
import type { Empty } from './declared.ts'
import type { StandardErrors } from './error-code.ts'
import { isHotlineError } from './hotline-error.ts'
import type { ErrorUnion } from './infer.ts'

/** How a call ended: with its result, or with an error of Hotline's own or one that its procedure declares. */
export type Settled<Out, Errors> =
  | { readonly ok: true; readonly data: Out }
  | { readonly ok: false; readonly error: ErrorUnion<StandardErrors> | ErrorUnion<Errors> }

/**
 * Turns a call's promise into one that tells how the call ended: `const reply = await safe(api.todos.add(todo))`.
 * Every call rejects with a `HotlineError`; anything else is a mistake in the caller's own code (in a `then` chained
 * before, say), and is thrown on.
 */
export async function safe<Out, Errors = Empty>(reply: Reply<Out, Errors>): Promise<Settled<Out, Errors>> {
  try {
    return { ok: true, data: await reply }
  } catch (error) {
    if (!isHotlineError(error)) throw error
    // A call ends only with Hotline's own codes and those its procedure declares, and the latter's data was checked.
    return { ok: false, error: error as ErrorUnion<StandardErrors> | ErrorUnion<Errors> }
  }
}
