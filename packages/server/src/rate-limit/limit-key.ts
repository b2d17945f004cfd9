import type { HandlerConnection, Kind } from '@hotline/core'
import { strangerAt } from '../gate/ip-address.ts'
import { sha256 } from '../idempotency/sha256.ts'

/** What a rate limit may look at. */
export interface LimitedCall<Context> {
  readonly ctx: Context
  readonly connection: HandlerConnection<unknown>
  readonly path: string
  readonly kind: Kind
  readonly meta: unknown
  /** The caller's own word: who counts by them, counts by what a stranger chose. */
  readonly headers: Readonly<Record<string, string>>
}

/** What calls are counted by. Without a principal, `principal` is the address. */
export type LimitBy = 'principal' | 'address' | 'procedure'

/** One thing, several together, or a name of your own; a call that gets `undefined` isn't counted. */
export type LimitKey<Context> = LimitBy | readonly LimitBy[] | ((call: LimitedCall<Context>) => string | undefined)

/** A longer key is kept by its hash: part of it may be a stranger's choice. */
const MAX_KEY_CHARACTERS = 256

/** @throws TypeError for what calls can't be counted by, where it stands and not at the first call. */
export function checkLimitKey(by: unknown): void {
  if (typeof by === 'function') return
  const names: readonly unknown[] = Array.isArray(by) ? by : [by]
  const wrong = names.find((name) => typeof name !== 'string' || !Object.hasOwn(PARTS, name))
  if (wrong === undefined && names.length > 0) return
  throw new TypeError(
    `"by" has ${String(wrong)}: give ${Object.keys(PARTS).join(', ')}, an array of these, or a function.`,
  )
}

/**
 * The name that a call is counted by; `undefined` for one that isn't counted.
 * @throws TypeError where a function gave something else.
 */
export function limitKey<Context>(by: LimitKey<Context>, call: LimitedCall<Context>): string | undefined {
  if (typeof by !== 'function') return shortened(joined(typeof by === 'string' ? [by] : by, call))
  const key: unknown = by(call)
  if (key === undefined || typeof key === 'string') return shortened(key)
  throw new TypeError(
    `"by" gave a value of type ${typeof key}: give a string, or undefined for a call that isn't counted.`,
  )
}

function shortened(key: string | undefined): string | undefined {
  return key === undefined || key.length <= MAX_KEY_CHARACTERS ? key : sha256(key)
}

/** In one way only: no principal can name itself so that it counts as another. */
function joined(by: readonly LimitBy[], call: LimitedCall<unknown>): string | undefined {
  const parts = by.map((name) => PARTS[name](call))
  return parts.includes(undefined) ? undefined : JSON.stringify(parts)
}

const PARTS: Readonly<Record<LimitBy, (call: LimitedCall<unknown>) => string | undefined>> = {
  principal: (call) => {
    const { principal } = call.connection
    return principal === undefined ? PARTS.address(call) : `principal ${principal}`
  },
  address: ({ connection: { address } }) => (address === undefined ? undefined : `address ${strangerAt(address)}`),
  procedure: ({ path }) => path,
}
