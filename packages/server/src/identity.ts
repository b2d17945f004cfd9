import type { IncomingMessage } from 'node:http'
import { HotlineError, isHotlineError } from '@hotline/core'
import { type CloseName, PROTOCOL_LIMITS } from '@hotline/core/internal'
import type { Settings } from './options.ts'
import { credentialsOf, redacted, withoutSecrets } from './redact-secrets.ts'

/** What `authenticate` gave, checked. */
export interface Identity {
  readonly principal: string | undefined
  readonly context: unknown
  /** When the application was asked, on the environment's clock. */
  readonly askedAt: number
  /** When they were accepted, on the environment's clock. */
  readonly givenAt: number
  /** When the credentials run out, on the environment's clock; `Infinity` for as long as the connection. */
  readonly expiresAt: number
}

/** The time now, as `Date.now()` counts and on the environment's clock. */
export interface Clocks {
  readonly epochNow: number
  readonly now: number
  /** When the application was asked, on the same clock as `now`. */
  readonly askedAt: number
}

/** Where nothing was asked. */
export const NOBODY: Identity = {
  principal: undefined,
  context: undefined,
  askedAt: 0,
  givenAt: 0,
  expiresAt: Number.POSITIVE_INFINITY,
}

/**
 * Asks the application, where it wants to be asked. Throws or rejects as `authenticate` does, and as `checkIdentity`.
 * @throws HotlineError `UNAUTHORIZED` for credentials that have run out by then: whoever was let in with them could call once.
 */
export async function identify(
  { authenticate, epochNow, environment }: Pick<Settings, 'authenticate' | 'epochNow' | 'environment'>,
  auth: unknown,
  request: IncomingMessage | undefined,
): Promise<Identity> {
  const askedAt = environment.now()
  const given = authenticate && request ? await authenticate({ auth, request }) : { context: {} }
  const identity = checkIdentity(given, { epochNow: epochNow(), now: environment.now(), askedAt })
  if (identity.expiresAt > identity.givenAt) return identity
  throw new HotlineError('UNAUTHORIZED', undefined, { message: 'These credentials have run out: bring newer ones.' })
}

/** @throws TypeError where `authenticate` gave something else than an identity: a mistake of the application's. */
export function checkIdentity(given: unknown, { epochNow, now, askedAt }: Clocks): Identity {
  if (typeof given !== 'object' || given === null || !('context' in given)) {
    throw new TypeError(
      `"authenticate" gave ${given === null ? 'null' : typeof given}: return { principal, context }, or throw HotlineError('UNAUTHORIZED').`,
    )
  }
  const principal = 'principal' in given ? given.principal : undefined
  if (principal !== undefined && typeof principal !== 'string') {
    throw new TypeError(`"authenticate" gave a principal of type ${typeof principal}: name it by one string.`)
  }
  const expiresAt = 'expiresAt' in given ? given.expiresAt : undefined
  const times = { askedAt, givenAt: now, expiresAt: now + holdsForMs(expiresAt, epochNow) }
  return { principal, context: given.context, ...times }
}

/** The years from 2001 to 5138 where seconds are counted, as a JWT does; milliseconds end in 1973 there. */
const SECONDS = { from: 1e9, to: 1e11 }

function holdsForMs(expiresAt: unknown, epochNow: number): number {
  if (expiresAt === undefined) return Number.POSITIVE_INFINITY
  const at = expiresAt instanceof Date ? expiresAt.getTime() : expiresAt
  if (typeof at === 'number' && at >= SECONDS.from && at < SECONDS.to) {
    throw new TypeError(
      `"authenticate" gave the expiresAt ${at}, which is in ${new Date(at).getUTCFullYear()}: give milliseconds as Date.now() counts, 1000 * exp of a JWT.`,
    )
  }
  if (typeof at === 'number' && !Number.isNaN(at))
    return Math.min(Math.max(0, at - epochNow), PROTOCOL_LIMITS.durationMs)
  throw new TypeError(
    `"authenticate" gave an expiresAt of type ${typeof expiresAt}: give a Date, or milliseconds as Date.now() counts.`,
  )
}

/** How a connection ends whose `authenticate` threw a refusal. */
const REFUSALS: Readonly<Record<string, CloseName>> = { UNAUTHORIZED: 'CREDENTIALS', FORBIDDEN: 'FORBIDDEN' }

/** A message is for people; a longer one could be more than a client takes. */
const MAX_MESSAGE_CHARACTERS = 512

/** A refusal as the client gets it, and how its connection ends. */
export interface IdentityRefusal {
  readonly close: CloseName
  readonly code: string
  readonly message: string
}

/**
 * The refusal in what `authenticate` threw for `credentials`, which aren't quoted in it; `undefined` where it failed for another
 * reason. Anything can be thrown.
 */
export function refusalIn(thrown: unknown, credentials: unknown): IdentityRefusal | undefined {
  try {
    if (!isHotlineError(thrown)) return undefined
    const { code, message } = thrown
    const close = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined
    return close === undefined
      ? undefined
      : { close, code, message: redacted(String(message), credentials).slice(0, MAX_MESSAGE_CHARACTERS) }
  } catch {
    return undefined
  }
}

/** What `authenticate` threw: its refusal, else its failure. Neither quotes what the client brought. */
export function judgeThrown(
  thrown: unknown,
  auth: unknown,
  request: IncomingMessage | undefined,
): { readonly refusal?: IdentityRefusal; readonly failure?: { readonly error: unknown } } {
  const credentials = request && credentialsOf(auth, request)
  const refusal = refusalIn(thrown, credentials)
  return refusal === undefined ? { failure: { error: withoutSecrets(thrown, credentials) } } : { refusal }
}
