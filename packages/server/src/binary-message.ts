import { ATTACHMENT_HEAD_BYTES, type BinaryFrame } from '@hotline/core/internal'

/** The only frame of a binary message: FIN and opcode 2. */
const BINARY = 0x82

/** Longer payloads have their length in two more bytes, or in eight. */
const SHORT_BYTES = 125
const MEDIUM_BYTES = 0xffff
const LONGEST_HEAD_BYTES = 10

/** Fewer cost less to copy than to be written by themselves. */
const MIN_APART_BYTES = 16 * 1024

/**
 * A frame with attachments as one WebSocket frame without a mask, as servers send it (RFC 6455, 5.2), in parts that are to
 * be written one behind the other: large attachments are parts as they are, and nothing of them is copied.
 */
export function binaryMessage({ text, placed }: BinaryFrame): Uint8Array[] {
  const textBytes = Buffer.byteLength(text)
  let payload = 4 + textBytes
  let copied = LONGEST_HEAD_BYTES + payload
  for (const { message } of placed) {
    for (const { byteLength } of message.attachments) {
      payload += ATTACHMENT_HEAD_BYTES + byteLength
      copied += ATTACHMENT_HEAD_BYTES + (byteLength < MIN_APART_BYTES ? byteLength : 0)
    }
  }
  const bytes = Buffer.allocUnsafe(copied)
  const parts: Uint8Array[] = []
  let start = 0
  let at = bytes.writeUInt32BE(textBytes, writeHead(bytes, payload))
  at += bytes.write(text, at)
  for (const { index, message } of placed) {
    for (const attachment of message.attachments) {
      at = bytes.writeUInt32BE(attachment.byteLength, bytes.writeUInt32BE(index, at))
      if (attachment.byteLength < MIN_APART_BYTES) {
        bytes.set(attachment, at)
        at += attachment.byteLength
        continue
      }
      parts.push(bytes.subarray(start, at), attachment)
      start = at
    }
  }
  if (start < at) parts.push(bytes.subarray(start, at))
  return parts
}

/** Gives where the payload begins. */
function writeHead(bytes: Buffer, payload: number): number {
  bytes[0] = BINARY
  if (payload <= SHORT_BYTES) return bytes.writeUInt8(payload, 1)
  if (payload <= MEDIUM_BYTES) return bytes.writeUInt16BE(payload, bytes.writeUInt8(126, 1))
  return bytes.writeUInt32BE(payload, bytes.writeUInt32BE(0, bytes.writeUInt8(127, 1)))
}
