import type { StandardSchemaV1 as Schema } from '@standard-schema/spec'
import { badInput } from './bad-input.ts'
import type { InputIssue } from './error-code.ts'
import type { ErrorDetails } from './hotline-error.ts'

/** More than this many issues help nobody, and a stranger chooses how many there are. */
const MAX_ISSUES = 16

/** A library's messages may name every key that it didn't expect, and a stranger chose those. */
const MAX_MESSAGE_CHARACTERS = 512

/** Values nest 64 deep: senders write no more. */
const MAX_DEPTH = 64

/** A key of a record is a stranger's too. */
const MAX_KEY_CHARACTERS = 128

/** What a value became under its schema. */
export type Checked = Schema.Result<unknown>

/** Asks the schema; a promise only where the schema gives one. */
export function check(schema: Schema, value: unknown): Checked | Promise<Checked> {
  return schema['~standard'].validate(value)
}

/**
 * The same for what a stranger sent. A schema that recurses fails on what nests too deep, by running out of stack, and
 * that is its sender's fault: whatever it threw, such a value is what doesn't fit. On any other it throws as `check` does.
 */
export function checkInput(schema: Schema, value: unknown): Checked | Promise<Checked> {
  const failed = (thrown: unknown): Checked => {
    if (nestsTooDeep(value)) return { issues: [{ message: `Nests more than ${MAX_DEPTH} deep: make it flatter.` }] }
    throw thrown
  }
  try {
    const checked = check(schema, value)
    return checked instanceof Promise ? checked.catch(failed) : checked
  } catch (thrown) {
    return failed(thrown)
  }
}

/** @throws HotlineError `BAD_INPUT` with the first issues. */
export function acceptInput(checked: Checked, details: ErrorDetails = {}): unknown {
  if (checked.issues === undefined) return checked.value
  throw badInput(plainIssues(checked.issues), details)
}

/** @throws Error that says what a handler returned amiss. It never crosses the wire: it becomes `INTERNAL`. */
export function acceptOutput(checked: Checked, what: string): unknown {
  if (checked.issues === undefined) return checked.value
  const issues = plainIssues(checked.issues).map(({ path, message }) => `${path.join('.') || 'the value'}: ${message}`)
  throw new Error(`${what} does not fit its schema: ${issues.join('; ')}`)
}

function plainIssues(issues: readonly Schema.Issue[]): InputIssue[] {
  return issues.slice(0, MAX_ISSUES).map(({ message, path = [] }) => ({
    message: String(message).slice(0, MAX_MESSAGE_CHARACTERS),
    path: path.slice(0, MAX_DEPTH).map(plainKey),
  }))
}

function plainKey(segment: PropertyKey | Schema.PathSegment): string | number {
  const key = typeof segment === 'object' ? segment.key : segment
  return typeof key === 'number' ? key : String(key).slice(0, MAX_KEY_CHARACTERS)
}

/** Level by level, since its sender chose how deep it is; each object once, since a codec may let it share some. */
function nestsTooDeep(value: unknown): boolean {
  const seen = new Set<object>()
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    const below: unknown[] = []
    for (const inner of level) {
      if (typeof inner !== 'object' || inner === null || seen.has(inner)) continue
      if (depth === MAX_DEPTH) return true
      seen.add(inner)
      for (const member of membersOf(inner)) below.push(member)
    }
    level = below
  }
  return false
}

function membersOf(value: object): Iterable<unknown> {
  if (ArrayBuffer.isView(value)) return []
  if (value instanceof Map) return [...value.keys(), ...value.values()]
  return value instanceof Set ? value : Object.values(value)
}
