/** Text that stands in JSON as it is: what `JSON.stringify` never writes, and a stranger does. */
export class Raw {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toJSON(): string {
    return `${MARK}${Buffer.from(this.text, 'utf16le').toString('base64')}`
  }
}

// A character for private use: nothing else here writes it.
const MARK = '\uF8FF raw '

const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g')

/** JSON text of a value that may have `Raw` parts. */
export function rawJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null'
  if (!text.includes(MARK)) return text
  return text.replace(MARKED, (_, encoded: string) => Buffer.from(encoded, 'base64').toString('utf16le'))
}
