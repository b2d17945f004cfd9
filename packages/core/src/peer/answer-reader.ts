import type { Codec } from '../codec/codec.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import type { ErrorFields, ItemFields, PositionFields, ValueFields } from '../protocol/message.ts'
import type { Attachments } from '../protocol/packed.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import type { CallTable } from './call-table.ts'
import type { OutgoingCall } from './outgoing-call.ts'

/** Who gets what leaves a caller that everything leaves. */
export interface Heir {
  /** The stream has ended here, and goes on where its heir opens it again. */
  released(call: OutgoingCall): void
  /** No call is left. */
  emptied(): void
}

/** Takes what the other end answers to the calls in a table. */
export class AnswerReader {
  heir: Heir | undefined
  readonly #calls: CallTable
  readonly #codec: Codec
  #strays = 0

  constructor(calls: CallTable, codec: Codec) {
    this.#calls = calls
    this.#codec = codec
  }

  /** Answers that belonged to no call. */
  get strays(): number {
    return this.#strays
  }

  onStream(id: number): void {
    const call = this.#calls.get(id)
    if (call?.state !== 'sent') return this.#stray(call)
    call.state = 'streaming'
    call.deadline = Number.POSITIVE_INFINITY
    if (call.stream !== undefined) return call.stream.reopened()
    this.#calls.answered()
    call.accept()
  }

  /** @throws ProtocolError `BAD_FRAME` for an item without credit. */
  onItem(id: number, size: number, value: unknown, fields: ItemFields | undefined, attachments?: Attachments): void {
    const call = this.#calls.get(id)
    const stream = call?.openStream
    if (call === undefined || stream === undefined) return this.#stray(call)
    stream.flow.received(id, size)
    stream.push(this.#decode(call, value, fields, attachments), size, fields?.eventId)
  }

  /**
   * Gives whether an item earned it, or did where the call hasn't ended.
   * @throws ProtocolError `BAD_FRAME` for a call that was never made, or streams nothing there.
   */
  onCredit(id: number, size: number): boolean {
    const call = this.#calls.get(id)
    if (call?.upload !== undefined) return call.upload.granted(size, call)
    this.#expectKnown('credit', id, call)
    return true
  }

  /** @throws ProtocolError `BAD_FRAME` for a call that was never made, or streams nothing there. */
  onStop(id: number): void {
    const call = this.#calls.get(id)
    if (call?.upload === undefined) return this.#expectKnown('stop', id, call)
    call.upload.stop()
  }

  onPosition(id: number, position: PositionFields): void {
    const call = this.#calls.get(id)
    if (call?.openStream === undefined) return this.#stray(call)
    call.openStream.moveTo(position)
  }

  onResult(id: number, value: unknown, fields: ValueFields | undefined, attachments?: Attachments): void {
    const call = this.#calls.get(id)
    if (call === undefined) return this.#stray(call)
    const { state } = call
    this.#calls.end(call)
    if (state !== 'cancelled') call.resolve(this.#decode(call, value, fields, attachments))
    this.#tellHeir()
  }

  onError(id: number, fields: ErrorFields, attachments?: Attachments): void {
    const call = this.#calls.get(id)
    if (call === undefined) return this.#stray(call)
    const { state } = call
    this.#calls.end(call)
    if (state === 'leaving' && fields.code === 'CANCELLED') this.heir?.released(call)
    else if (state !== 'cancelled') call.fail(this.#errorOf(fields, call, attachments))
    this.#tellHeir()
  }

  /** A call that has ended may cross what is said of its items; one that never was, or has none, can't. */
  #expectKnown(word: string, id: number, call: OutgoingCall | undefined): void {
    if (call === undefined && this.#calls.hasHad(id)) return
    const wanted = call === undefined ? 'one that was made' : 'one that streams items'
    throw new ProtocolError('BAD_FRAME', `Message "${word}" is for call ${id}: expected ${wanted}.`)
  }

  #tellHeir(): void {
    if (this.#calls.size === 0) this.heir?.emptied()
  }

  /** A call whose value can't be decoded fails by that, and takes nothing more: neither what this gives then. */
  #decode(call: OutgoingCall, value: unknown, fields: ValueFields | undefined, attachments: Attachments): unknown {
    try {
      return this.#codec.decode(value, fields?.meta, attachments)
    } catch (cause) {
      const message = `The answer of "${call.path}" could not be decoded: use the same codec on both ends.`
      call.unreadable(new HotlineError('OUTCOME_UNKNOWN', undefined, { message, cause, mayHaveRun: true }))
      return undefined
    }
  }

  /** A server knows of its own part alone: what was sent before, in a session that was lost, may have run there. */
  #errorOf(
    { code, message, data, meta, mayHaveRun = true }: ErrorFields,
    { again }: OutgoingCall,
    attachments: Attachments,
  ): HotlineError {
    let decoded: unknown
    try {
      if (data !== undefined) decoded = this.#codec.decode(data, meta, attachments)
    } catch {
      // The code says what matters; data that can't be read is left out.
    }
    return new HotlineError<string, unknown>(code, decoded, { message, mayHaveRun: mayHaveRun || again > 0 })
  }

  #stray(call: OutgoingCall | undefined): void {
    if (call?.state !== 'cancelled') this.#strays++
  }
}
