import { readWireFrame } from '../../packages/testing/src/simulator/wire-frame.ts'

/** Bytes that a frame carries, as a transcript writes them: the place of their message, and the bytes in hexadecimal. */
export type WrittenAttachment = readonly [index: number, hex: string]

/** The frame that a line of a transcript stands for, by the rules of PROTOCOL.md alone. */
export function frameOf(text: string, attachments: readonly WrittenAttachment[] | undefined): string | Uint8Array {
  if (attachments === undefined) return text
  const parts = [sized(Buffer.from(text))]
  for (const [index, hex] of attachments) parts.push(uint32(index), sized(Buffer.from(hex, 'hex')))
  return new Uint8Array(Buffer.concat(parts))
}

/** The attachments of a frame as a transcript would write them; `undefined` for text. */
export function attachmentsOf(frame: string | Uint8Array): readonly WrittenAttachment[] | undefined {
  if (typeof frame === 'string') return undefined
  return readWireFrame(frame).attachments.flatMap((own, index) =>
    own.map((bytes) => [index, Buffer.from(bytes).toString('hex')] as const),
  )
}

/** What stands behind the text of a frame in a transcript. */
export function writeAttachments(attachments: readonly WrittenAttachment[] | undefined): string {
  return attachments === undefined ? '' : ` + ${attachments.map((each) => JSON.stringify(each)).join(' ')}`
}

function sized(bytes: Buffer): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}
