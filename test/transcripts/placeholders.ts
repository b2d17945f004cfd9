/** What `<name>` stands for, by name: bound where it is seen first. */
export type Bindings = Map<string, string>

const PLACEHOLDER = /^<(\w+)>$/

/**
 * Compares a message with a line of a transcript. A string `<name>` of the line stands for any string where it is seen
 * first, and for that one afterwards. Text that isn't JSON is compared as it is.
 * @throws Error that shows both where they differ.
 */
export function match(expected: string, actual: string, bindings: Bindings): void {
  const same = equals(parse(expected), parse(actual), bindings)
  if (!same) throw new Error(`The transcript has ${fill(expected, bindings)}\nbut what came is ${actual}`)
}

/** The text of a line with each placeholder replaced by what it stands for; one not seen yet gets a value of its own. */
export function fill(text: string, bindings: Bindings): string {
  return text.replaceAll(/"<(\w+)>"/g, (_, name: string) => {
    const bound = bindings.get(name) ?? `made-up-${name}`
    bindings.set(name, bound)
    return JSON.stringify(bound)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function equals(expected: unknown, actual: unknown, bindings: Bindings): boolean {
  if (typeof expected === 'string') return typeof actual === 'string' && stringEquals(expected, actual, bindings)
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, actual)
  if (typeof actual !== 'object' || actual === null || Array.isArray(expected) !== Array.isArray(actual)) return false
  const entries = Object.entries(expected)
  if (entries.length !== Object.keys(actual).length) return false
  // Both are objects or both are arrays: their members are compared by key.
  const members = actual as Readonly<Record<string, unknown>>
  return entries.every(([key, value]) => Object.hasOwn(members, key) && equals(value, members[key], bindings))
}

function stringEquals(expected: string, actual: string, bindings: Bindings): boolean {
  const name = PLACEHOLDER.exec(expected)?.[1]
  if (name === undefined) return expected === actual
  if (!bindings.has(name)) bindings.set(name, actual)
  return bindings.get(name) === actual
}
