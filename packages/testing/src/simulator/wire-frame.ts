/** A frame as it is on the wire. */
export type RawFrame = string | Uint8Array

/** What a frame says, read by rules of our own: a mistake of core's reader or writer shall not hide behind the same one here. */
export interface WireFrame {
  /** The word or number that it begins with, what stands behind it, and its messages. */
  readonly parts: readonly [head: unknown, fields: unknown, ...messages: unknown[]]
  /** The attachments of each message, by its place. */
  readonly attachments: readonly (readonly Uint8Array[])[]
}

const HEAD_BYTES = 4

/** The text of a frame: that of a binary one stands in its header. */
export function textOfFrame(frame: RawFrame): string {
  if (typeof frame === 'string') return frame
  return Buffer.from(frame.subarray(HEAD_BYTES, HEAD_BYTES + numberAt(frame, 0))).toString('utf8')
}

/** @throws Error where a binary frame isn't what PROTOCOL.md says. */
export function readWireFrame(frame: RawFrame): WireFrame {
  // Nobody sends another: what isn't JSON throws.
  const parts = JSON.parse(textOfFrame(frame)) as WireFrame['parts']
  const attachments: Uint8Array[][] = parts.slice(2).map(() => [])
  if (typeof frame === 'string') return { parts, attachments }
  let last = 0
  for (let at = HEAD_BYTES + numberAt(frame, 0); at < frame.byteLength; ) {
    const [index, length] = [numberAt(frame, at), numberAt(frame, at + 4)]
    const bytes = frame.slice(at + 8, at + 8 + length)
    if (index < last || bytes.byteLength < length) throw new Error(`has a bad attachment at byte ${at}`)
    const own = attachments[index]
    if (own === undefined) throw new Error(`has an attachment of message ${index}, which isn't there`)
    own.push(bytes)
    last = index
    at += 8 + length
  }
  return { parts, attachments }
}

/** As a trace shows it. */
export function showFrame(frame: RawFrame): string {
  if (typeof frame === 'string') return frame
  const shown = readWireFrame(frame).attachments.flatMap((own, index) =>
    own.map(({ length }) => `[${index}, ${length} bytes]`),
  )
  return `${textOfFrame(frame)} + ${shown.join(' ')}`
}

function numberAt(frame: Uint8Array, at: number): number {
  return Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).readUInt32BE(at)
}
