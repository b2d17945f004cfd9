/** About how many characters a value takes on the wire besides its text, by its type. */
const NUMBER = 6
const WORD = 5
const MEMBER = 4
const BRACKETS = 2
const RICH = 40

/** About how long a value is on the wire. Stops as soon as it is known to be `enough` or more, and gives that then. */
export function weigh(value: unknown, enough: number): number {
  switch (typeof value) {
    case 'string':
      return Math.min(value.length + BRACKETS, enough)
    case 'number':
      return NUMBER
    case 'object':
      return value === null ? WORD : weighObject(value, enough)
    default:
      return WORD
  }
}

function weighObject(value: object, enough: number): number {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return Math.min(value.byteLength, enough)
  if (value instanceof Date) return RICH
  const parts = value instanceof Map ? [...value] : value instanceof Set ? [...value] : value
  let sum = BRACKETS
  // Asked before its parts are: a value may refer to itself.
  if (sum >= enough) return enough
  if (Array.isArray(parts)) {
    for (const part of parts) {
      sum += 1 + weigh(part, enough - sum)
      if (sum >= enough) return enough
    }
    return sum
  }
  for (const [name, part] of Object.entries(parts)) {
    sum += name.length + MEMBER + weigh(part, enough - sum)
    if (sum >= enough) return enough
  }
  return sum
}
