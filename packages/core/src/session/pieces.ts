import { formatPiece } from '../protocol/format.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { type Packed, pack, textOf } from '../protocol/packed.ts'

const { pieceCharacters, pieceBytes } = PROTOCOL_LIMITS

/** Cuts a large message: first its text, then the bytes of all its attachments as one run. The last piece says how the run splits. */
export class Pieces {
  readonly #text: string
  readonly #attachments: readonly Uint8Array[] | undefined
  #textAt = 0
  #bytesLeft: number
  /** The attachment that the next bytes are from, and where in it they begin. */
  #index = 0
  #offset = 0

  constructor(message: Packed) {
    this.#text = textOf(message)
    this.#attachments = typeof message === 'string' ? undefined : message.attachments
    this.#bytesLeft = message.length - this.#text.length
  }

  get isDone(): boolean {
    return this.#textAt === this.#text.length && this.#bytesLeft === 0
  }

  next(): Packed {
    if (this.#textAt < this.#text.length) {
      const end = pieceEnd(this.#text, this.#textAt)
      const text = this.#text.slice(this.#textAt, end)
      this.#textAt = end
      return formatPiece(text, this.isDone, this.#lengths())
    }
    const bytes = this.#nextBytes()
    return pack(formatPiece('', this.isDone, this.#lengths()), [bytes])
  }

  #lengths(): readonly number[] | undefined {
    return this.isDone ? this.#attachments?.map(({ byteLength }) => byteLength) : undefined
  }

  /** Part of an attachment as it lies there; only where a piece spans several are they copied together. */
  #nextBytes(): Uint8Array {
    const size = Math.min(pieceBytes, this.#bytesLeft)
    const first = this.#nextPart(size)
    if (first.byteLength === size) return first
    const bytes = new Uint8Array(size)
    bytes.set(first)
    for (let filled = first.byteLength; filled < size; ) {
      const part = this.#nextPart(size - filled)
      bytes.set(part, filled)
      filled += part.byteLength
    }
    return bytes
  }

  /** At most `size` bytes of one attachment; more are left. */
  #nextPart(size: number): Uint8Array {
    let attachment = this.#attachments?.[this.#index]
    while (attachment !== undefined && this.#offset === attachment.byteLength) {
      this.#offset = 0
      attachment = this.#attachments?.[++this.#index]
    }
    const part = attachment?.subarray(this.#offset, this.#offset + size) ?? NO_BYTES
    this.#offset += part.byteLength
    this.#bytesLeft -= part.byteLength
    return part
  }
}

const NO_BYTES = new Uint8Array(0)

/** Not between the two halves of a surrogate pair: readers that keep strings in UTF-8 could not join them again. */
function pieceEnd(text: string, start: number): number {
  const end = Math.min(start + pieceCharacters, text.length)
  const splitsPair = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return splitsPair ? end - 1 : end
}
