import type { Effort } from './effort.ts'
import { isPlainObject, type PlainObject } from './plain-object.ts'

/** Bytes are compared so many at a time as one other value is. */
const BYTES_A_VALUE = 64

/**
 * Whether two values would be the same at the other end. Plain data, dates, maps, sets, URLs and bytes are compared by
 * what is in them, maps and sets in their order too; everything else only by identity.
 */
export function isSame(before: unknown, after: unknown, effort: Effort): boolean {
  if (!effort.spend(1)) return false
  if (Object.is(before, after)) return true
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return false
  if (Array.isArray(before)) return Array.isArray(after) && areSameRows(before, after, effort)
  if (isPlainObject(before)) return isPlainObject(after) && areSameMembers(before, after, effort)
  if (Object.getPrototypeOf(before) !== Object.getPrototypeOf(after)) return false
  if (before instanceof Date && after instanceof Date) return Object.is(before.getTime(), after.getTime())
  if (before instanceof Map && after instanceof Map) return areSameRows([...before], [...after], effort)
  if (before instanceof Set && after instanceof Set) return areSameRows([...before], [...after], effort)
  if (before instanceof URL && after instanceof URL) return before.href === after.href
  const [bytesBefore, bytesAfter] = [bytesOf(before), bytesOf(after)]
  return bytesBefore !== undefined && bytesAfter !== undefined && areSameBytes(bytesBefore, bytesAfter, effort)
}

function areSameRows(before: readonly unknown[], after: readonly unknown[], effort: Effort): boolean {
  if (before.length !== after.length) return false
  for (let index = 0; index < before.length; index++) {
    if (!isSame(before[index], after[index], effort)) return false
  }
  return true
}

function areSameMembers(before: PlainObject, after: PlainObject, effort: Effort): boolean {
  const names = Object.keys(before)
  if (names.length !== Object.keys(after).length) return false
  return names.every((name) => Object.hasOwn(after, name) && isSame(before[name], after[name], effort))
}

function areSameBytes(before: Uint8Array, after: Uint8Array, effort: Effort): boolean {
  if (before.length !== after.length || !effort.spend(before.length / BYTES_A_VALUE)) return false
  return before.every((byte, index) => byte === after[index])
}

function bytesOf(value: object): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return undefined
}
