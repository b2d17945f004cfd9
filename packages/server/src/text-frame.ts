/** The last frame of a text message: FIN and opcode 1. */
const TEXT = 0x81

/** Longer payloads have their length in two more bytes. */
const SHORT_BYTES = 125

/** Longer ones have it in eight, of which the first two stay 0 here. */
const MEDIUM_BYTES = 0xffff

/** Longer text is worth being joined first. */
const JOINED_CHARACTERS = 4 * 1024

/** A text message as one WebSocket frame without a mask, as servers send it (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  // V8 joins strings when somebody reads them. Counted before that, the bytes of 64 KiB take 30 µs longer.
  if (text.length > JOINED_CHARACTERS) text.charCodeAt(0)
  const length = Buffer.byteLength(text)
  const headBytes = length <= SHORT_BYTES ? 2 : length <= MEDIUM_BYTES ? 4 : 10
  const frame = Buffer.allocUnsafe(headBytes + length)
  frame[0] = TEXT
  if (headBytes === 2) frame[1] = length
  else if (headBytes === 4) {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = 127
    frame.writeUInt16BE(0, 2)
    frame.writeUIntBE(length, 4, 6)
  }
  frame.write(text, headBytes)
  return frame
}
