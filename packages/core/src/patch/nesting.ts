import { isPlainObject } from './plain-object.ts'

/** What stands for a value of a class that only a codec knows, as far as anybody can guess. */
const UNKNOWN = 2

/** How deep a value nests as it stands in JSON: a Map is an array of arrays there, an error and a Blob are objects. */
export function nestingOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  if (Array.isArray(value)) return 1 + deepest(value)
  if (isPlainObject(value)) return 1 + deepest(Object.values(value))
  if (value instanceof Map) return 2 + Math.max(deepest(value.keys()), deepest(value.values()))
  if (value instanceof Set) return 1 + deepest(value)
  if (value instanceof Error) return 1 + nestingOf(value.cause)
  return value instanceof Date || value instanceof URL || ArrayBuffer.isView(value) ? 0 : UNKNOWN
}

function deepest(values: Iterable<unknown>): number {
  let most = 0
  for (const value of values) most = Math.max(most, nestingOf(value))
  return most
}
