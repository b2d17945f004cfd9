import { PROTOCOL_LIMITS } from './limits.ts'
import { utf8Bytes } from './utf8.ts'

/**
 * A message whose value has bytes in it: its text, and the bytes that the text refers to by their index. The bytes are
 * the sender's own copies, since a message that is sent again must say what it said before.
 */
export class Attached {
  readonly text: string
  readonly attachments: readonly Uint8Array[]
  /** Characters of the text and bytes of the attachments: what it counts for, as a string's length does. */
  readonly length: number

  constructor(text: string, attachments: readonly Uint8Array[]) {
    this.text = text
    this.attachments = attachments
    let length = text.length
    for (const { byteLength } of attachments) length += byteLength
    this.length = length
  }
}

/** A message ready to be written. Nearly all are text, and stay plain strings. */
export type Packed = string | Attached

/** A message's text together with the attachments of its value, if it has any. */
export function pack(text: string, attachments: readonly Uint8Array[] | undefined): Packed {
  return attachments === undefined || attachments.length === 0 ? text : new Attached(text, attachments)
}

export function textOf(message: Packed): string {
  return typeof message === 'string' ? message : message.text
}

/** Where an attachment stands in a frame: the index of its message, and its length. */
export const ATTACHMENT_HEAD_BYTES = 8

/** Characters of a frame that a message takes, three bytes each at most; an attachment's head counts too. */
export function frameShare(message: Packed): number {
  return typeof message === 'string' ? message.length : message.length + 3 * message.attachments.length
}

/** Goes as it is on any line. */
export function isSmall(message: Packed): boolean {
  return frameShare(message) <= PROTOCOL_LIMITS.wholeCharacters
}

/** Goes as it is on a quick line. To find out may take measuring its bytes. */
export function isWhole(message: Packed): boolean {
  const { wholeBytes } = PROTOCOL_LIMITS
  return isSmall(message) || (frameShare(message) <= wholeBytes && bytesOf(message) <= wholeBytes)
}

function bytesOf(message: Packed): number {
  if (typeof message === 'string') return utf8Bytes(message)
  const { text, attachments, length } = message
  return utf8Bytes(text) + length - text.length + ATTACHMENT_HEAD_BYTES * attachments.length
}

/** What came with a message, in the order in which its value refers to it. */
export type Attachments = readonly Uint8Array[] | undefined

/** A received message, unchecked, and the attachments that came with it. Without any, a message is what its JSON says. */
export class Unpacked {
  readonly message: unknown
  readonly attachments: Uint8Array[]

  constructor(message: unknown, attachments: Uint8Array[]) {
    this.message = message
    this.attachments = attachments
  }
}

/** The message of what was received, with or without attachments. */
export function messageIn(received: unknown): unknown {
  return received instanceof Unpacked ? received.message : received
}

export function attachmentsIn(received: unknown): Attachments {
  return received instanceof Unpacked ? received.attachments : undefined
}
