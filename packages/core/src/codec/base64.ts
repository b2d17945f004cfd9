// Core knows neither Node's Buffer nor the DOM's btoa.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** By character code: six bits, or 64 for what isn't of the alphabet. */
const VALUES = new Uint8Array(128).fill(64)
for (let value = 0; value < 64; value++) VALUES[ALPHABET.charCodeAt(value)] = value

/** Bytes as RFC 4648, section 4, writes them, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const bits = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    text += character(bits >> 18) + character(bits >> 12)
    text += index + 1 < bytes.length ? character(bits >> 6) : '='
    text += index + 2 < bytes.length ? character(bits) : '='
  }
  return text
}

/** The bytes that `toBase64` wrote; `undefined` for any other text. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  const last = text.length - padding
  let bits = 0
  let at = 0
  for (let index = 0; index < last; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? 64
    if (value === 64) return undefined
    bits = (bits << 6) | value
    // Every character but the first of four completes a byte.
    const held = index % 4
    if (held !== 0) bytes[at++] = bits >> (6 - 2 * held)
  }
  // What is left of the last character says nothing, and must be 0: one text for the same bytes.
  const rest = padding === 0 ? 0 : bits & (padding === 1 ? 0b11 : 0b1111)
  return rest === 0 ? bytes : undefined
}

function character(bits: number): string {
  return ALPHABET.charAt(bits & 63)
}
