/** The only frame of a text message: FIN and opcode 1. */
const TEXT = 0x81

/** Longer payloads have their length in two more bytes. */
const SHORT_BYTES = 125

/** Longer text isn't framed here: three bytes each still have their length in two bytes. */
export const FRAMED_CHARACTERS = 4 * 1024

/** A text message of at most `FRAMED_CHARACTERS` as one WebSocket frame without a mask, as servers send it (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const headBytes = length <= SHORT_BYTES ? 2 : 4
  const frame = Buffer.allocUnsafe(headBytes + length)
  frame[0] = TEXT
  if (length <= SHORT_BYTES) frame[1] = length
  else {
    frame[1] = 126
    frame.writeUInt16BE(length, 2)
  }
  frame.write(text, headBytes)
  return frame
}
