/** What a value needs on the wire: `plain` is JSON as it is, `rich` needs annotations, a `Refusal` can't travel. */
export type Shape = 'plain' | 'rich' | Refusal

/** Names the place in a value that can't travel, and why. */
export interface Refusal {
  readonly path: string
  readonly reason: string
}

/** Deeper values are refused, at both ends: nesting is the cheapest way to make a parser recurse. */
export const MAX_DEPTH = 64

/** Readers turn no longer text into a BigInt: that takes the square of its length. */
const MAX_BIGINT = 10n ** 1_024n

const RICH_TYPES = [
  ...[Date, Map, Set, URL],
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array],
]
const RICH = new Set<unknown>(RICH_TYPES.map((type) => type.prototype))

/** Walks a value once and says what it needs. Plain data costs no allocation. */
export function classify(value: unknown): Shape {
  return walk(value, 0)
}

function walk(value: unknown, depth: number): Shape {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return 'plain'
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? 'plain' : 'rich'
    case 'undefined':
      return 'rich'
    case 'bigint':
      return value < MAX_BIGINT && value > -MAX_BIGINT ? 'rich' : { path: '', reason: 'has more than 1,024 digits' }
    case 'function':
    case 'symbol':
      return { path: '', reason: `is a ${typeof value}` }
    case 'object':
      return value === null ? 'plain' : walkObject(value, depth)
  }
}

function walkObject(value: object, depth: number): Shape {
  if (depth >= MAX_DEPTH) return { path: '', reason: `is nested more than ${MAX_DEPTH} deep, or refers to itself` }
  if (Array.isArray(value)) return walkArray(value, depth)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return walkRecord(value, depth)
  if (value instanceof Map) return inside(value.values(), depth) ?? inside(value.keys(), depth) ?? 'rich'
  if (value instanceof Set) return inside(value.values(), depth) ?? 'rich'
  if (value instanceof Error) return 'cause' in value ? walkCause(value.cause, depth) : 'rich'
  if (!RICH.has(prototype)) {
    return { path: '', reason: `is a ${constructorName(value)}, which has no registered encoding` }
  }
  if (value instanceof Float32Array || value instanceof Float64Array) return walkFloats(value)
  return value instanceof Date && Number.isNaN(value.getTime()) ? { path: '', reason: 'is an invalid Date' } : 'rich'
}

function walkArray(values: readonly unknown[], depth: number): Shape {
  let shape: Shape = 'plain'
  for (let index = 0; index < values.length; index++) {
    const found = walk(values[index], depth + 1)
    if (found === 'plain') continue
    if (found !== 'rich') return at(index, found)
    shape = 'rich'
  }
  return shape
}

function walkRecord(record: object, depth: number): Shape {
  let shape: Shape = 'plain'
  for (const key in record) {
    if (key === '__proto__') return { path: '.__proto__', reason: 'is a key that prototypes are polluted with' }
    const found = walk((record as Readonly<Record<string, unknown>>)[key], depth + 1)
    if (found === 'plain') continue
    if (found !== 'rich') return at(key, found)
    shape = 'rich'
  }
  return shape
}

/** An error's cause travels with it; stacks don't. */
function walkCause(cause: unknown, depth: number): Shape {
  const found = walk(cause, depth + 1)
  return found === 'plain' || found === 'rich' ? 'rich' : at('cause', found)
}

/** superjson writes the numbers of a typed array as JSON, and what JSON lacks would come back as 0. */
function walkFloats(values: Float32Array | Float64Array): Shape {
  const index = values.findIndex((value) => walk(value, 0) !== 'plain')
  return index === -1
    ? 'rich'
    : at(index, { path: '', reason: 'is a number of a typed array that JSON has no text for' })
}

/** The first refusal among the members of a collection. */
function inside(members: Iterable<unknown>, depth: number): Refusal | undefined {
  for (const member of members) {
    const found = walk(member, depth + 1)
    if (found !== 'plain' && found !== 'rich') return found
  }
  return undefined
}

function at(key: string | number, refusal: Refusal): Refusal {
  return { path: (typeof key === 'number' ? `[${key}]` : `.${key}`) + refusal.path, reason: refusal.reason }
}

function constructorName(value: object): string {
  const { constructor: type } = value as { constructor?: unknown }
  return typeof type === 'function' && type.name !== '' ? type.name : 'object without a known type'
}
