import { type DataFrame, type Frame, isDataFrame, parseFrame } from './frame.ts'
import { PROTOCOL_LIMITS } from './limits.ts'
import { ATTACHMENT_HEAD_BYTES, type Attached, Unpacked } from './packed.ts'
import { ProtocolError } from './protocol-error.ts'
import type { JsonLimits } from './scan-json.ts'
import { utf8Bytes } from './utf8.ts'

/** A message of a frame that has attachments. */
export interface Placed {
  /** Where it stands in the frame: 0 is the first message. */
  readonly index: number
  readonly message: Attached
}

/** A data frame with attachments, as it lies before its bytes stand in one row. None of them changes any more. */
export interface BinaryFrame {
  /** The frame as JSON. */
  readonly text: string
  readonly placed: readonly Placed[]
}

/** The length of the header stands before it. */
const HEAD_BYTES = 4

const encoder = new TextEncoder()

/** A byte order mark is no white space of JSON, so it has to stay. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The bytes of a data frame: its text, and behind it the attachments of its messages, each copied once. */
export function formatBinaryFrame({ text, placed }: BinaryFrame): Uint8Array {
  const headerBytes = utf8Bytes(text)
  let size = HEAD_BYTES + headerBytes
  for (const { message } of placed) {
    for (const { byteLength } of message.attachments) size += ATTACHMENT_HEAD_BYTES + byteLength
  }
  const bytes = new Uint8Array(size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, headerBytes)
  encoder.encodeInto(text, bytes.subarray(HEAD_BYTES))
  let at = HEAD_BYTES + headerBytes
  for (const { index, message } of placed) {
    for (const attachment of message.attachments) {
      view.setUint32(at, index)
      view.setUint32(at + 4, attachment.byteLength)
      bytes.set(attachment, at + ATTACHMENT_HEAD_BYTES)
      at += ATTACHMENT_HEAD_BYTES + attachment.byteLength
    }
  }
  return bytes
}

/**
 * What a WebSocket message says to a server, or, with its `limits`, to a client. A message that has attachments stands in its frame as an `Unpacked`.
 * @throws ProtocolError `BAD_FRAME` for what is no frame.
 */
export function readFrame(received: string | Uint8Array, limits?: JsonLimits): Frame {
  return typeof received === 'string' ? parseFrame(received, limits) : parseBinaryFrame(received, limits)
}

/**
 * An attachment that is the only one is a view of `bytes`, which must not change from now on. Several have copies of their
 * own: whoever transfers the buffer of a value, to a worker for instance, takes all of it away.
 * @throws ProtocolError `BAD_FRAME` for bytes that aren't a data frame with its attachments, and nothing else.
 */
export function parseBinaryFrame(bytes: Uint8Array, limits?: JsonLimits): DataFrame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = headerEnd(view)
  const frame = parseFrame(decodeText(bytes.subarray(HEAD_BYTES, end)), limits)
  if (!isDataFrame(frame)) throw bad(`has the control frame "${frame[0]}": expected a data frame.`)
  // The array is this function's own: it has just been parsed.
  const messages = frame as unknown as unknown[]
  let count = 0
  for (let at = end, least = 0; at < bytes.byteLength; count++) {
    if (bytes.byteLength - at < ATTACHMENT_HEAD_BYTES) {
      throw bad(`ends with ${bytes.byteLength - at} bytes: expected the ${ATTACHMENT_HEAD_BYTES} before an attachment.`)
    }
    const index = view.getUint32(at)
    const length = view.getUint32(at + 4)
    at += ATTACHMENT_HEAD_BYTES
    if (index < least) throw bad(`has an attachment of message ${index} behind one of message ${least}.`)
    if (index >= messages.length - 2) {
      throw bad(`has an attachment of message ${index}: it has ${messages.length - 2} messages, counted from 0.`)
    }
    if (length > bytes.byteLength - at) {
      throw bad(`has an attachment of ${length} bytes: ${bytes.byteLength - at} are left.`)
    }
    const { attachments } = unpackedAt(messages, index + 2)
    if (attachments.length === PROTOCOL_LIMITS.attachments)
      throw bad(`has too many attachments of message ${index}: expected at most ${PROTOCOL_LIMITS.attachments}.`)
    attachments.push(bytes.subarray(at, at + length))
    at += length
    least = index
  }
  if (count > 1) for (const message of messages) if (message instanceof Unpacked) copyAttachments(message)
  return frame
}

function headerEnd(view: DataView): number {
  if (view.byteLength < HEAD_BYTES) {
    throw bad(`has ${view.byteLength} bytes: expected at least ${HEAD_BYTES}, the length of its header.`)
  }
  const headerBytes = view.getUint32(0)
  if (headerBytes > view.byteLength - HEAD_BYTES) {
    throw bad(`has a header of ${headerBytes} bytes: ${view.byteLength - HEAD_BYTES} are left.`)
  }
  return HEAD_BYTES + headerBytes
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw bad(`has a header of ${bytes.byteLength} bytes that aren't UTF-8.`)
  }
}

function copyAttachments({ attachments }: Unpacked): void {
  for (const [index, bytes] of attachments.entries()) attachments[index] = bytes.slice()
}

function unpackedAt(messages: unknown[], index: number): Unpacked {
  const message = messages[index]
  if (message instanceof Unpacked) return message
  const unpacked = new Unpacked(message, [])
  messages[index] = unpacked
  return unpacked
}

function bad(what: string): ProtocolError {
  return new ProtocolError('BAD_FRAME', `A binary frame ${what}`)
}
