/** What an entry point gets. A value that isn't text or bytes is shown by what it was made with. */
export type Input = string | Uint8Array | (() => string)

/** For people, whole: as it is, or as hexadecimal digits. */
export function shown(input: Input): string {
  if (typeof input === 'string') return input
  if (typeof input === 'function') return input()
  return `${input.length} bytes ${Buffer.from(input.buffer, input.byteOffset, input.length).toString('hex')}`
}
