import { type HotlineError, isHotlineError } from '@hotline/core'
import type { CloseName } from '@hotline/core/internal'

/** What `authenticate` gave, checked. */
export interface Identity {
  readonly principal: string | undefined
  readonly context: unknown
}

/** @throws TypeError where `authenticate` gave something else than an identity: a mistake of the application's. */
export function checkIdentity(given: unknown): Identity {
  if (typeof given !== 'object' || given === null || !('context' in given)) {
    throw new TypeError(
      `"authenticate" gave ${given === null ? 'null' : typeof given}: return { principal, context }, or throw HotlineError('UNAUTHORIZED').`,
    )
  }
  const principal = 'principal' in given ? given.principal : undefined
  if (principal !== undefined && typeof principal !== 'string') {
    throw new TypeError(`"authenticate" gave a principal of type ${typeof principal}: name it by one string.`)
  }
  return { principal, context: given.context }
}

/** How a connection ends whose `authenticate` threw a refusal. */
const REFUSALS: Readonly<Record<string, CloseName>> = { UNAUTHORIZED: 'CREDENTIALS', FORBIDDEN: 'FORBIDDEN' }

/** The refusal in what `authenticate` threw; `undefined` where it failed for another reason. */
export function refusalIn(thrown: unknown): { readonly close: CloseName; readonly error: HotlineError } | undefined {
  if (!isHotlineError(thrown) || !Object.hasOwn(REFUSALS, thrown.code)) return undefined
  const close = REFUSALS[thrown.code]
  return close === undefined ? undefined : { close, error: thrown }
}
