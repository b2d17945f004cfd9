import type { StandardSchemaV1 as Schema } from '@standard-schema/spec'
import { badInput } from './bad-input.ts'
import type { InputIssue } from './error-code.ts'
import type { ErrorDetails } from './hotline-error.ts'

/** More than this many issues help nobody, and a stranger chooses how many there are. */
const MAX_ISSUES = 16

/** A library's messages may name every key that it didn't expect, and a stranger chose those. */
const MAX_MESSAGE_CHARACTERS = 512

/** Values nest 64 deep. */
const MAX_STEPS = 64

/** A key of a record is a stranger's too. */
const MAX_KEY_CHARACTERS = 128

/** What a value became under its schema. */
export type Checked = Schema.Result<unknown>

/** Asks the schema; a promise only where the schema gives one. */
export function check(schema: Schema, value: unknown): Checked | Promise<Checked> {
  return schema['~standard'].validate(value)
}

/** @throws HotlineError `BAD_INPUT` with the first issues. */
export function acceptInput(checked: Checked, details: ErrorDetails = {}): unknown {
  checkResult(checked)
  if (checked.issues === undefined) return checked.value
  throw badInput(plainIssues(checked.issues), details)
}

/** @throws Error that says what a handler returned amiss. It never crosses the wire: it becomes `INTERNAL`. */
export function acceptOutput(checked: Checked, what: string): unknown {
  checkResult(checked)
  if (checked.issues === undefined) return checked.value
  const issues = plainIssues(checked.issues).map(({ path, message }) => `${path.join('.') || 'the value'}: ${message}`)
  throw new Error(`${what} does not fit its schema: ${issues.join('; ')}`)
}

/** @throws TypeError for what is no result, though its type says so: a schema may be written by hand. */
export function checkResult(checked: unknown): void {
  if (typeof checked !== 'object' || checked === null) throw noResult(String(checked))
  const issues = 'issues' in checked ? checked.issues : undefined
  if (issues !== undefined && !Array.isArray(issues)) throw noResult(`"issues" of type ${typeof issues}`)
}

function noResult(what: string): TypeError {
  return new TypeError(
    `A schema's "validate" gave ${what}: give { value } or { issues: [...] }, as Standard Schema says.`,
  )
}

function plainIssues(issues: readonly Schema.Issue[]): InputIssue[] {
  return issues.slice(0, MAX_ISSUES).map(({ message, path = [] }) => ({
    message: String(message).slice(0, MAX_MESSAGE_CHARACTERS),
    path: path.slice(0, MAX_STEPS).map(plainKey),
  }))
}

function plainKey(segment: PropertyKey | Schema.PathSegment): string | number {
  const key = typeof segment === 'object' ? segment.key : segment
  return typeof key === 'number' ? key : String(key).slice(0, MAX_KEY_CHARACTERS)
}
