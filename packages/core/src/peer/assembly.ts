import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { parseJson } from '../protocol/parse-json.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { utf8Bytes } from '../protocol/utf8.ts'

/** The pieces of the large message that is coming in, one at a time. */
export class Assembly {
  #pieces: string[] = []
  #bytes = 0

  /**
   * Takes the next piece. Gives the message, unchecked, when it was the last one.
   * @throws ProtocolError `BAD_FRAME` where the message is too large, from the first piece that makes it so, or isn't JSON.
   */
  add(piece: string, isLast: boolean): unknown {
    this.#bytes += utf8Bytes(piece)
    if (this.#bytes > PROTOCOL_LIMITS.messageBytes) {
      const most = PROTOCOL_LIMITS.messageBytes
      throw new ProtocolError(
        'BAD_FRAME',
        `A message in pieces has ${this.#bytes} bytes so far: expected at most ${most}.`,
      )
    }
    this.#pieces.push(piece)
    if (!isLast) return undefined
    const text = this.#pieces.join('')
    this.#pieces = []
    this.#bytes = 0
    return parseJson(text, 'A message in pieces')
  }
}
