import type { Codec } from '../codec/codec.ts'
import type { CallOptions } from '../contract/call.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { messageOf } from '../contract/message-of.ts'
import { isSource, iterate, type SourceIterator } from '../contract/source-iterator.ts'
import type { Source } from '../contract/stream.ts'
import { formatEnd, formatItem, type ValueText } from '../protocol/format.ts'
import { type Packed, pack } from '../protocol/packed.ts'
import type { StreamLane } from '../session/outbox.ts'
import { encodeValue } from './encode-value.ts'
import { Outflow } from './outflow.ts'
import { Puller } from './pull.ts'
import { readBlobs } from './read-blobs.ts'

/** What an upload needs of the call that it belongs to. */
export interface UploadTerms {
  readonly id: number
  readonly codec: Codec
  /** Sends a message behind those of the same lane. */
  push(lane: StreamLane, message: Packed): void
  /** The items can't go on: so neither can the call. */
  cancel(error: HotlineError): void
}

/**
 * The items that a call streams to the other end. They begin when the other end has granted the first credit: it has taken
 * the call then, so nothing of the source is lost on a call that was refused, or goes to another session.
 */
export class Upload {
  readonly #source: Source<unknown>
  readonly #flow = new Outflow(0)
  #puller: Puller | undefined
  #state: 'waiting' | 'pulling' | 'ended' = 'waiting'

  constructor(source: Source<unknown>) {
    this.#source = source
  }

  /** Whether the source was asked for anything: then the call can't be made anew. */
  get hasBegun(): boolean {
    return this.#state !== 'waiting'
  }

  /** Whether it waits for its source or its reader, and not for the line. */
  get isHeldUp(): boolean {
    return this.#state === 'pulling' && this.#flow.lane.characters === 0
  }

  /** Size of the items that wait for the line. */
  get waiting(): number {
    return this.#flow.lane.characters
  }

  /**
   * The other end takes `size` more. Gives whether that was earned: see `Outflow`.
   * @throws ProtocolError `BAD_FRAME` where that is more than any stream can use.
   */
  granted(size: number, terms: UploadTerms): boolean {
    if (this.#state === 'ended') return true
    const isEarned = this.#flow.granted(terms.id, size)
    if (this.#state === 'waiting') this.#begin(terms)
    return isEarned
  }

  /** Nobody wants the rest: the source is left. Doing it twice is fine. */
  stop(): void {
    this.#state = 'ended'
    this.#puller?.stop()
  }

  #begin(terms: UploadTerms): void {
    const iterator = this.#iterator(terms)
    // Making it may have ended the call.
    if (iterator === undefined || this.#state !== 'waiting') return
    this.#state = 'pulling'
    const flow = this.#flow
    this.#puller = new Puller({
      flow,
      iterator,
      mustWait: false,
      send: (item): void | Promise<void> => {
        try {
          const value = readBlobs(encodeValue(terms.codec, item))
          if (!(value instanceof Promise)) return this.#send(terms, value)
          return value.then(
            (read) => this.#send(terms, read),
            (thrown) => this.#refuse(terms, thrown),
          )
        } catch (thrown) {
          this.#refuse(terms, thrown)
        }
      },
    })
    this.#puller.run().then(
      () => {
        if (this.#state === 'ended') return
        this.#state = 'ended'
        terms.push(flow.lane, formatEnd(terms.id))
      },
      (thrown: unknown) => this.#fail(terms, sourceFailed(thrown)),
    )
  }

  #send(terms: UploadTerms, value: ValueText | undefined): void {
    // It may have been stopped while the item's blobs were read.
    if (this.#state === 'ended') return
    const { text, size } = formatItem(terms.id, value, '')
    this.#flow.sent(size)
    terms.push(this.#flow.lane, pack(text, value?.attachments))
  }

  #iterator(terms: UploadTerms): SourceIterator | undefined {
    try {
      const iterator: SourceIterator | undefined = iterate(this.#source)
      if (iterator === undefined) throw new TypeError('it gave no iterator')
      return iterator
    } catch (thrown) {
      this.#fail(terms, sourceFailed(thrown))
      return undefined
    }
  }

  /** An item can't be sent. By then the call has left, and may run; it needn't wait until the source has cleaned up. */
  #refuse(terms: UploadTerms, cause: unknown): void {
    // Encoding a value and reading its blobs throw nothing else.
    const { code, message } = cause as HotlineError
    this.#fail(terms, new HotlineError<string, unknown>(code, undefined, { message, cause, mayHaveRun: true }))
  }

  #fail(terms: UploadTerms, error: HotlineError): void {
    if (this.#state !== 'ended') terms.cancel(error)
  }
}

/** @throws TypeError for items that can't be read one by one. */
export function uploadOf(options: CallOptions): Upload | undefined {
  if (!('items' in options) || options.items === undefined) return undefined
  if (isSource(options.items)) return new Upload(options.items)
  throw new TypeError('"items" can\'t be read: give an iterable, an async iterable or a ReadableStream.')
}

function sourceFailed(cause: unknown): HotlineError {
  const message = `The source of the items failed (${messageOf(cause)}), so the call was cancelled.`
  return new HotlineError('CANCELLED', undefined, { message, cause, mayHaveRun: true })
}
