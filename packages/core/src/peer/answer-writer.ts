import type { Codec } from '../codec/codec.ts'
import type { Definition } from '../contract/definition.ts'
import { toFailure } from '../contract/failure.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import type { Position } from '../contract/tracked.ts'
import {
  formatError,
  formatPosition,
  formatResult,
  formatStream,
  type Prepared,
  prepareItem,
  type ValueText,
} from '../protocol/format.ts'
import { type Packed, pack } from '../protocol/packed.ts'
import type { Holdings } from '../session/holdings.ts'
import type { StreamLane } from '../session/outbox.ts'
import { encodeInline, encodeUndefined, encodeValue } from './encode-value.ts'
import { withId } from './keyed-run.ts'
import type { Outflow } from './outflow.ts'
import type { Outlet } from './outlet.ts'
import { readBlobs } from './read-blobs.ts'

/** What a log needs to know of a handler that failed. */
export interface CallReport {
  readonly path: string
  /** The id that the caller's error carries. */
  readonly id: string
  readonly reason: unknown
}

export interface AnswerWriterOptions {
  readonly codec: Codec
  /** For development: `INTERNAL` shows what was thrown. */
  readonly exposesErrors?: boolean | undefined
  /** Where what is kept for the caller is added up, if it is. */
  readonly holdings?: Holdings | undefined
  readonly newId: () => string
  /** Something was thrown that the caller sees only as `INTERNAL`. */
  report(report: CallReport): void
}

/** Something that was thrown on the way to an answer. */
export interface Failed {
  readonly id: number
  readonly path: string
  readonly definition: Definition | undefined
  readonly mayHaveRun: boolean
  readonly thrown: unknown
  readonly lane: StreamLane | undefined
}

/** Writes the answers of the calls that the other end opened, until its session ends: then nothing more. */
export class AnswerWriter {
  readonly #outlet: Outlet
  readonly #options: AnswerWriterOptions
  #hasEnded = false

  constructor(outlet: Outlet, options: AnswerWriterOptions) {
    this.#outlet = outlet
    this.#options = options
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Whether so much is kept for a client that is away that a stream should rather wait. */
  get isFull(): boolean {
    return this.#outlet.isFull
  }

  /** What waits for the caller's streams, beside what was handed on, has changed by so much. */
  hold(change: number): void {
    this.#options.holdings?.add(change)
  }

  end(): void {
    this.#hasEnded = true
  }

  accepted(id: number): void {
    this.#push(formatStream(id), undefined)
  }

  /** Who else has this codec encodes alike. */
  get codec(): Codec {
    return this.#options.codec
  }

  /**
   * An item as it goes into any stream; a promise where it has blobs, which have to be read first.
   * @throws HotlineError `NOT_ENCODABLE` or `TOO_LARGE`; the promise rejects with such.
   */
  prepare(item: unknown, eventId: string | undefined): Prepared | Promise<Prepared> {
    const fields = eventId === undefined ? '' : `"eventId":${JSON.stringify(eventId)}`
    const { codec } = this.#options
    const value = item === undefined && fields !== '' ? encodeUndefined(codec) : readBlobs(encodeValue(codec, item))
    return value instanceof Promise ? value.then((read) => prepareItem(read, fields)) : prepareItem(value, fields)
  }

  item(head: string, prepared: Prepared, flow: Outflow): void {
    flow.sent(prepared.size)
    this.#push(pack(head + prepared.rest, prepared.attachments), flow.lane)
  }

  position(id: number, { eventId, isGap, missed }: Position, lane: StreamLane): void {
    const gap = isGap ? { gap: true, ...(missed === undefined ? {} : { missed }) } : {}
    this.#push(formatPosition(id, { ...(eventId === undefined ? {} : { eventId }), ...gap }), lane)
  }

  /**
   * The last word of a call; a stream's goes through its lane, behind its items. Gives a promise where it has blobs: it
   * goes when they are read.
   * @throws HotlineError `NOT_ENCODABLE` or `TOO_LARGE`; the promise rejects with such.
   */
  result(id: number, value: unknown, lane: StreamLane | undefined): Promise<void> | undefined {
    const text = readBlobs(encodeValue(this.#options.codec, value))
    if (text instanceof Promise) return text.then((read) => this.#pushResult(id, read, lane))
    this.#pushResult(id, text, lane)
    return undefined
  }

  /** The last word of a call that failed; where its data has blobs, it goes when they are read. */
  error(id: number, error: HotlineError, lane: StreamLane | undefined): void {
    const data = this.#dataOf(error)
    if (!(data instanceof Promise)) return this.#pushError(id, error, data, lane)
    const push = (read: ValueText | undefined) => this.#pushError(id, error, read, lane)
    data.then(push, () => push(undefined))
  }

  /** The last word of a call for which something was thrown: what the caller may see of it. */
  failure({ id, path, definition, mayHaveRun, thrown, lane }: Failed): void {
    const { exposesErrors, newId } = this.#options
    const { error, unexpected } = toFailure(thrown, { definition, mayHaveRun, exposesErrors, newId })
    if (unexpected !== undefined && !this.#hasEnded) this.#options.report({ path, ...unexpected })
    this.error(id, error, lane)
  }

  /** The last word of a call whose answer was made before, perhaps for another: see `withId`. */
  kept(id: number, text: string): void {
    if (!this.#outlet.isFull || !text.startsWith('["result"')) return this.#push(withId(text, id), undefined)
    this.error(id, new HotlineError('RESULT_DROPPED', undefined, { mayHaveRun: true }), undefined)
  }

  #pushResult(id: number, value: ValueText | undefined, lane: StreamLane | undefined): void {
    if (!this.#outlet.isFull) return this.#push(pack(formatResult(id, value), value?.attachments), lane)
    this.error(id, new HotlineError('RESULT_DROPPED', undefined, { mayHaveRun: true }), lane)
  }

  /** Data that can't be encoded is left out. */
  #dataOf({ data }: HotlineError): ValueText | undefined | Promise<ValueText> {
    try {
      return readBlobs(encodeValue(this.#options.codec, data))
    } catch {
      return undefined
    }
  }

  #pushError(id: number, error: HotlineError, data: ValueText | undefined, lane: StreamLane | undefined): void {
    this.#push(pack(formatError(id, fieldsOf(error), data), data?.attachments), lane)
  }

  #push(message: Packed, lane: StreamLane | undefined): void {
    if (this.#hasEnded) return
    if (lane === undefined) this.#outlet.outbox.pushCall(message)
    else this.#outlet.outbox.pushStream(lane, message)
    this.#outlet.flushSoon()
  }
}

/** The text of an error's message that is kept: bytes in its data stand in it. Data that can't be encoded is left out. */
export function errorText(codec: Codec, id: number, error: HotlineError): string {
  const { data } = error
  try {
    return formatError(id, fieldsOf(error), data === undefined ? undefined : encodeInline(codec, data))
  } catch {
    return formatError(id, fieldsOf(error), undefined)
  }
}

function fieldsOf({ code, message, mayHaveRun }: HotlineError): ErrorWords {
  return { code, message, ...(mayHaveRun ? {} : { mayHaveRun }) }
}

type ErrorWords = Parameters<typeof formatError>[1]
