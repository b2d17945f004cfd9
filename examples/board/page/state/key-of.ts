const keys = new WeakMap<object, string>()

/** The key of an intent, made when it is first asked for. Each attempt at it has the very same input. */
export function keyOf(input: object): string {
  const key = keys.get(input) ?? crypto.randomUUID()
  keys.set(input, key)
  return key
}
