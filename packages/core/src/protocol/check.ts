import { PROTOCOL_LIMITS } from './limits.ts'
import { ProtocolError } from './protocol-error.ts'
import { utf8Bytes } from './utf8.ts'

/** A test of one field with the words for what it wants. */
export interface Check {
  readonly expects: string
  readonly accepts: (value: unknown) => boolean
}

export const CHECKS = {
  count: wholeFrom(0),
  id: wholeFrom(1),
  size: wholeFrom(1),
  /** No message is larger, and what was read is given back in sums that must stay whole numbers. */
  itemSize: { ...wholeFrom(1, PROTOCOL_LIMITS.messageBytes), expects: 'a whole number from 1 to 1048576' },
  string: { expects: 'a string', accepts: (value) => typeof value === 'string' },
  path: { expects: 'a string of 1 to 256 bytes', accepts: isPath },
  eventId: {
    expects: 'a string of at most 256 characters',
    accepts: (value) => typeof value === 'string' && value.length <= 256,
  },
  durationMs: {
    expects: 'a number of milliseconds from 0 to 2147483647',
    accepts: (value) => typeof value === 'number' && value >= 0 && value <= PROTOCOL_LIMITS.durationMs,
  },
  lengths: { expects: 'an array of whole numbers from 0', accepts: isLengths },
  boolean: { expects: 'a boolean', accepts: (value) => typeof value === 'boolean' },
  headers: { expects: 'an object of strings', accepts: isStringRecord },
  record: { expects: 'an object', accepts: isRecord },
  any: { expects: 'anything', accepts: () => true },
} as const satisfies Record<string, Check>

export type CheckName = keyof typeof CHECKS

/** The fields of an object on the wire. A name that ends in `?` may be left out; unknown fields are ignored. */
export type Shape = Readonly<Record<string, CheckName>>

/** @throws ProtocolError `BAD_FRAME` that names the owner, the field and its type. */
export function checkField(owner: string, field: string, name: CheckName, value: unknown): void {
  const check: Check = CHECKS[name]
  if (check.accepts(value)) return
  throw new ProtocolError(
    'BAD_FRAME',
    `${owner} has a bad field "${field}" (${typeName(value)}): expected ${check.expects}.`,
  )
}

/** @throws ProtocolError `BAD_FRAME` where `value` isn't an object of this shape. */
export function checkShape(owner: string, shape: Shape, value: unknown): void {
  if (!isRecord(value)) {
    throw new ProtocolError('BAD_FRAME', `${owner} has bad fields (${typeName(value)}): expected an object.`)
  }
  for (const key of Object.keys(shape)) {
    const optional = key.endsWith('?')
    const field = optional ? key.slice(0, -1) : key
    const present = Object.hasOwn(value, field)
    if (optional && !present) continue
    checkField(owner, field, shape[key] as CheckName, present ? value[field] : undefined)
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The word for a value's type, as an error message shows it. */
function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

/** The same within a sentence: `an array`, `a number`, `null`. */
export function describeType(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeName(value)}`
}

/** What begins a frame or a message, in a sentence. Longer words aren't shown: whoever errs may have put a secret there. */
export function describeWord(word: unknown): string {
  if (typeof word !== 'string') return describeType(word)
  return /^[a-z]{1,12}$/i.test(word) ? `"${word}"` : 'an unknown word'
}

function wholeFrom(least: number, most: number = Number.MAX_SAFE_INTEGER): Check {
  return {
    expects: `a whole number from ${least}`,
    accepts: (value) => typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most,
  }
}

function isStringRecord(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((entry) => typeof entry === 'string')
}

function isLengths(value: unknown): boolean {
  return Array.isArray(value) && value.every((length) => CHECKS.count.accepts(length))
}

/** Three bytes a character at most: a short path needn't be counted. */
function isPath(value: unknown): boolean {
  if (typeof value !== 'string' || value === '') return false
  return value.length * 3 <= PROTOCOL_LIMITS.pathBytes || utf8Bytes(value) <= PROTOCOL_LIMITS.pathBytes
}
