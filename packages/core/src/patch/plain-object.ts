/** An object without a class of its own. */
export type PlainObject = Readonly<Record<string, unknown>>

/** Whether it is an object that is changed member by member: neither an array nor of a class. */
export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
