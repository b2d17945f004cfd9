import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import type { Message } from '../protocol/message.ts'
import { type Attachments, Unpacked } from '../protocol/packed.ts'
import { parseJson } from '../protocol/parse-json.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import type { JsonLimits } from '../protocol/scan-json.ts'
import { utf8Bytes } from '../protocol/utf8.ts'
import type { Holdings } from '../session/holdings.ts'
import { GrowingBytes } from './growing-bytes.ts'

type Piece = Extract<Message, readonly ['piece', ...unknown[]]>

/** The pieces of the large message that is coming in, one at a time. */
export class Assembly {
  #texts: string[] = []
  #textBytes = 0
  readonly #run = new GrowingBytes()
  readonly #limits: JsonLimits | undefined
  readonly #holdings: Holdings | undefined

  constructor(limits?: JsonLimits, holdings?: Holdings) {
    this.#limits = limits
    this.#holdings = holdings
  }

  /** Bytes of the pieces that have come. */
  get size(): number {
    return this.#textBytes + this.#run.size
  }

  /**
   * Takes the next piece, with the attachment that came with it. Gives the message, unchecked, when it was the last one:
   * an `Unpacked` where it has attachments.
   * @throws ProtocolError `BAD_FRAME` where the message is too large, from the first piece that makes it so, isn't JSON,
   * or isn't split as its last piece says.
   */
  add([, text, isLast, fields]: Piece, attachments: Attachments = NONE): unknown {
    if (attachments.length > 1) throw bad(`has ${attachments.length} attachments in a piece: expected at most one.`)
    const textBytes = utf8Bytes(text)
    const runBytes = attachments[0]?.byteLength ?? 0
    const bytes = this.size + textBytes + runBytes
    if (bytes > PROTOCOL_LIMITS.messageBytes) {
      throw bad(`has ${bytes} bytes so far: expected at most ${PROTOCOL_LIMITS.messageBytes}.`)
    }
    this.#holdings?.add(textBytes + runBytes)
    this.#textBytes += textBytes
    if (text !== '') this.#texts.push(text)
    if (attachments[0] !== undefined) this.#run.append(attachments[0])
    return isLast ? this.#finish(fields?.lengths) : undefined
  }

  #finish(lengths: readonly number[] | undefined): unknown {
    if (this.#holdings !== undefined) this.#holdings.messageSize = this.size
    this.#holdings?.add(-this.size)
    const run = this.#run.take()
    const text = this.#texts.join('')
    this.#texts = []
    this.#textBytes = 0
    const message = parseJson(text, 'A message in pieces', this.#limits)
    if (lengths !== undefined && lengths.length > PROTOCOL_LIMITS.attachments) {
      throw bad(`has ${lengths.length} attachments: expected at most ${PROTOCOL_LIMITS.attachments}.`)
    }
    const sum = lengths?.reduce((all, length) => all + length, 0) ?? 0
    if (sum !== run.byteLength) {
      throw bad(`has ${run.byteLength} bytes of attachments: its last piece says that they have ${sum}.`)
    }
    return lengths === undefined ? message : new Unpacked(message, split(run, lengths))
  }
}

const NONE: readonly Uint8Array[] = []

/** Several have copies of their own, as in a frame. */
function split(run: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  if (lengths.length === 1) return [run]
  let at = 0
  return lengths.map((length) => {
    at += length
    return run.slice(at - length, at)
  })
}

function bad(what: string): ProtocolError {
  return new ProtocolError('BAD_FRAME', `A message in pieces ${what}`)
}
