import type { StandardSchemaV1 as Schema } from '@standard-schema/spec'
import { isErrorCode } from './error-code.ts'

const UPPER_SNAKE_CASE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/

/** Throws a TypeError unless `schema` follows Standard Schema. `word` is the builder's method that it was given to. */
export function checkSchema(word: string, schema: unknown): asserts schema is Schema {
  if (isStandardSchema(schema)) return
  throw new TypeError(
    `.${word} was given ${describe(schema)} that is not a schema: use zod or another Standard Schema.`,
  )
}

/** Throws a TypeError unless every code is a new one in upper case, with a schema for its data. */
export function checkErrors(table: unknown, declared: object): asserts table is Readonly<Record<string, Schema>> {
  if (typeof table !== 'object' || table === null || Array.isArray(table)) {
    throw new TypeError(
      `.errors was given ${describe(table)}: give it an object of codes, each with its data's schema.`,
    )
  }
  for (const [code, schema] of Object.entries(table)) {
    if (!UPPER_SNAKE_CASE.test(code)) {
      throw new TypeError(`.errors has the code "${code}": write codes in upper case with underscores, as LIST_FULL.`)
    }
    if (isErrorCode(code)) {
      throw new TypeError(`.errors has the code "${code}", which is Hotline's own: choose another name.`)
    }
    if (Object.hasOwn(declared, code)) {
      throw new TypeError(`.errors has the code "${code}", which was declared before: declare it once.`)
    }
    checkSchema(`errors.${code}`, schema)
  }
}

/** Throws a TypeError unless `given` is a function. */
export function checkFunction(word: string, given: unknown): asserts given is (...args: never) => unknown {
  if (typeof given !== 'function') throw new TypeError(`.${word} was given ${describe(given)}: give it a function.`)
}

/** Throws a TypeError unless `given` has the two functions of a live query. */
export function checkLive(given: unknown): asserts given is LiveFunctions {
  if (typeof given !== 'object' || given === null || !('on' in given) || !('query' in given)) {
    throw new TypeError(`.live was given ${describe(given)} without "on" and "query": give it both, as functions.`)
  }
  checkFunction('live({ on })', given.on)
  checkFunction('live({ query })', given.query)
}

/** As called by the run time: with the one call that handlers take. */
interface LiveFunctions {
  on(call: unknown): unknown
  query(call: unknown): unknown
}

/** Schemas may be functions too, as arktype's are. */
function isStandardSchema(value: unknown): value is Schema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || !('~standard' in value))
    return false
  const standard = value['~standard']
  return (
    typeof standard === 'object' &&
    standard !== null &&
    'validate' in standard &&
    typeof standard.validate === 'function'
  )
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
