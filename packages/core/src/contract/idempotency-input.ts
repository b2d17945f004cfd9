/** What names the input of a call with a key: its JSON, the codec's annotations, and its attachments as base64. */
export type EncodedInput = readonly [json: unknown, meta: unknown, ...attachments: readonly string[]]

/** The input as text, to be hashed; `undefined` where it is nested too deeply. Before it is decoded: that changes it in place. */
export function textOfInput(encoded: EncodedInput): string | undefined {
  try {
    return sortedJson(encoded)
  } catch {
    return undefined
  }
}

/**
 * The JSON text of what `JSON.parse` gave, with the names of each object in order: equal values have equal texts. A
 * missing value has a text of its own. Not for parsing, only for hashing.
 */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return String(JSON.stringify(value))
  const entries = Object.entries(value).sort(byName)
  return `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${sortedJson(entry)}`).join(',')}}`
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
