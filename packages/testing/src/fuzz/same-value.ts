/**
 * Whether a value came back as it was, as far as the codec promises: errors have a name, a message and a cause, what
 * isn't enumerable is left behind, and a hole in an array is `undefined`.
 */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one)) return Array.isArray(other) && areSame(one, other)
  if (one instanceof Date) return other instanceof Date && one.getTime() === other.getTime()
  if (one instanceof URL) return other instanceof URL && one.href === other.href
  if (one instanceof Map) return other instanceof Map && areSame([...one].flat(), [...other].flat())
  if (one instanceof Set) return other instanceof Set && areSame([...one], [...other])
  if (one instanceof Error) return other instanceof Error && isSameError(one, other)
  if (ArrayBuffer.isView(one)) {
    return (
      Object.getPrototypeOf(one) === Object.getPrototypeOf(other) &&
      areSame([...(one as Uint8Array)], [...(other as Uint8Array)])
    )
  }
  const names = Object.keys(one)
  // Both are objects, read by their own names.
  const [left, right] = [one, other] as [Record<string, unknown>, Record<string, unknown>]
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSameValue(left[name], right[name]))
  )
}

function areSame(ones: readonly unknown[], others: readonly unknown[]): boolean {
  if (ones.length !== others.length) return false
  for (let index = 0; index < ones.length; index++) if (!isSameValue(ones[index], others[index])) return false
  return true
}

function isSameError(one: Error, other: Error): boolean {
  return (
    one.name === other.name &&
    one.message === other.message &&
    'cause' in one === 'cause' in other &&
    isSameValue(one.cause, other.cause)
  )
}
