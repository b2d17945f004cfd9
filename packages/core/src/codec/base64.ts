/** Bytes as RFC 4648, section 4, writes them, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** The bytes that `toBase64` wrote; `undefined` for any other text. */
export function fromBase64(text: string): Uint8Array | undefined {
  const binary = decode(text)
  // The platform forgives white space, missing padding and bits that say nothing; there is one text for the same bytes.
  if (binary === undefined || btoa(binary) !== text) return undefined
  const bytes = new Uint8Array(binary.length)
  for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
  return bytes
}

function decode(text: string): string | undefined {
  try {
    return atob(text)
  } catch {
    return undefined
  }
}
