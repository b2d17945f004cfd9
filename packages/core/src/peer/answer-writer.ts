import type { Codec } from '../codec/codec.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import type { Position } from '../contract/tracked.ts'
import { formatError, formatItem, formatPosition, formatResult, formatStream } from '../protocol/format.ts'
import type { StreamLane } from '../session/outbox.ts'
import { encodeValue } from './encode-value.ts'
import type { Outlet } from './outlet.ts'

/** Writes the answers of the calls that the other end opened, until its session ends: then nothing more. */
export class AnswerWriter {
  readonly #outlet: Outlet
  readonly #codec: Codec
  #hasEnded = false

  constructor(outlet: Outlet, codec: Codec) {
    this.#outlet = outlet
    this.#codec = codec
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Whether so much is kept for a client that is away that a stream should rather wait. */
  get isFull(): boolean {
    return this.#outlet.isFull
  }

  end(): void {
    this.#hasEnded = true
  }

  accepted(id: number): void {
    this.#push(formatStream(id), undefined)
  }

  /** @throws HotlineError `NOT_ENCODABLE` or `TOO_LARGE`. */
  item(id: number, item: unknown, eventId: string | undefined, lane: StreamLane): void {
    const fields = eventId === undefined ? '' : `"eventId":${JSON.stringify(eventId)}`
    this.#push(formatItem(id, encodeValue(this.#codec, item, fields !== ''), fields), lane)
  }

  position(id: number, { eventId, isGap }: Position, lane: StreamLane): void {
    const fields = { ...(eventId === undefined ? {} : { eventId }), ...(isGap ? { gap: true } : {}) }
    this.#push(formatPosition(id, fields), lane)
  }

  /**
   * The last word of a call; a stream's goes through its lane, behind its items.
   * @throws HotlineError `NOT_ENCODABLE` or `TOO_LARGE`.
   */
  result(id: number, value: unknown, lane: StreamLane | undefined): void {
    const text = encodeValue(this.#codec, value, false)
    if (!this.#outlet.isFull) return this.#push(formatResult(id, text), lane)
    this.error(id, new HotlineError('RESULT_DROPPED', undefined, { mayHaveRun: true }), lane)
  }

  /** The last word of a call that failed. */
  error(id: number, error: HotlineError, lane: StreamLane | undefined): void {
    this.#push(errorText(this.#codec, id, error), lane)
  }

  #push(text: string, lane: StreamLane | undefined): void {
    if (this.#hasEnded) return
    if (lane === undefined) this.#outlet.outbox.pushCall(text)
    else this.#outlet.outbox.pushStream(lane, text)
    this.#outlet.flushSoon()
  }
}

/** The text of an error's message. Data that can't be encoded is left out. */
export function errorText(codec: Codec, id: number, { code, message, data, mayHaveRun }: HotlineError): string {
  const fields = { code, message, ...(mayHaveRun ? {} : { mayHaveRun }) }
  try {
    return formatError(id, fields, encodeValue(codec, data, false))
  } catch {
    return formatError(id, fields, undefined)
  }
}
