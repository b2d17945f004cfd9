import { isPlainObject, type PlainObject } from './plain-object.ts'

/** Nothing deeper can be sent. */
const MAX_DEPTH = 64

/**
 * A copy that stays as it is, whatever becomes of the value: it may be an application's own state. Copies what `isSame`
 * compares by what is in it; values of other classes are kept as they are.
 * @throws TypeError for a value that is nested too deep, or refers to itself.
 */
export function snapshot(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH) throw new TypeError(`The value is nested more than ${MAX_DEPTH} deep, or refers to itself.`)
  if (Array.isArray(value)) return copyRows(value, depth + 1)
  if (isPlainObject(value)) return copyMembers(value, depth + 1)
  const copy = (part: unknown) => snapshot(part, depth + 1)
  switch (Object.getPrototypeOf(value)) {
    case Date.prototype:
      return new Date((value as Date).getTime()) // that is its prototype, here and below
    case Map.prototype:
      return new Map(Array.from(value as Map<unknown, unknown>, ([key, part]) => [copy(key), copy(part)]))
    case Set.prototype:
      return new Set(Array.from(value as Set<unknown>, copy))
    case URL.prototype:
      return new URL((value as URL).href)
    case Uint8Array.prototype:
      return new Uint8Array(value as Uint8Array)
    default:
      return isBuffer(value) ? copyBuffer(value) : value
  }
}

function copyRows(rows: readonly unknown[], depth: number): unknown[] {
  const copy: unknown[] = []
  // Holes count: they are `undefined`.
  for (const row of rows) copy.push(snapshot(row, depth))
  return copy
}

function copyMembers(members: PlainObject, depth: number): PlainObject {
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(members)) {
    const value = snapshot(members[name], depth)
    // Assigned, it would be a prototype.
    if (name === '__proto__') Object.defineProperty(copy, name, { value, enumerable: true })
    else copy[name] = value
  }
  return copy
}

/** Buffers and views as the language has them, and Node's `Buffer`. Another class that extends one may have an encoding of its own. */
function isBuffer(value: object): boolean {
  if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) return false
  return Object.hasOwn(globalThis, value.constructor.name)
}

/** A clone of a `Buffer` would be none any more, and of all the pool that it may lie in. */
function copyBuffer(value: object): object {
  return value instanceof Uint8Array ? Uint8Array.prototype.slice.call(value) : structuredClone(value)
}
