import { isDataFrame, type SessionFrame } from '../protocol/frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'

/** Counts what carries nothing, and throws where it is too much: see `Floods`. */
interface Counter {
  nothing(what: string): void
}

/** Finds the frames of a peer that carry nothing. Each costs a read, some an answer, and the peer next to nothing. */
export class EmptyFrames {
  readonly #counter: Counter
  /** Characters of messages that may come again on this connection: after a cut a peer writes a whole window again. */
  #repeatsLeft = 0
  /** Whether an `ack` may come that names this connection's greeting: it says that the new secret has arrived. */
  #mayConfirm = false

  constructor(counter: Counter) {
    this.#counter = counter
  }

  /** Another connection begins. */
  begin(): void {
    this.#repeatsLeft = PROTOCOL_LIMITS.windowCharacters
    this.#mayConfirm = true
  }

  /**
   * A frame of `length` has acknowledged nothing, and `received` messages were there before it. A `ping` is a question, and
   * counted as such.
   * @throws ProtocolError `FLOOD` where it carried nothing else either, as too many did.
   */
  check(frame: SessionFrame, length: number, received: number): void {
    if (frame[0] === 'ping') return
    if (frame[0] === 'ack' && frame.length > 2 && this.#mayConfirm) {
      this.#mayConfirm = false
      return
    }
    if (!isDataFrame(frame)) return this.#counter.nothing(`A frame "${frame[0]}"`)
    if (frame[0] + frame.length - 3 > received) return
    this.#repeatsLeft -= length
    if (this.#repeatsLeft < 0) this.#counter.nothing('A frame of messages that came before')
  }
}
