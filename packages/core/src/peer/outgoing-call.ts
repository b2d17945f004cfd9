import type { Codec, Encoded } from '../codec/codec.ts'
import type { CallOptions } from '../contract/call.ts'
import type { ErrorCode } from '../contract/error-code.ts'
import { type ErrorDetails, HotlineError } from '../contract/hotline-error.ts'
import { onAbort } from '../contract/on-abort.ts'
import { formatCall, formatCredit, type ValueText } from '../protocol/format.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { type Packed, pack } from '../protocol/packed.ts'
import type { Draft, StreamLane } from '../session/outbox.ts'
import { checkTimeout } from './check-timeout.ts'
import type { CreditPool } from './credit-pool.ts'
import { encodeUndefined, lengthOf } from './encode-value.ts'
import { ownFields, withField } from './outgoing-fields.ts'
import type { OutgoingState } from './outgoing-state.ts'
import type { Outlet } from './outlet.ts'
import { readBlobs } from './read-blobs.ts'
import { type StreamHooks, StreamReader } from './stream-reader.ts'
import { type Upload, type UploadTerms, uploadOf } from './upload.ts'

/** A deadline this near to the default isn't worth its bytes. */
const SLACK_MS = 100

/** What a call gets from the caller that holds it. */
export interface OutgoingTerms {
  readonly options: {
    /** The default that both ends know; a call that still has it says nothing. */
    readonly timeoutMs: number
    readonly codec: Codec
  }
  readonly pool: CreditPool
  readonly outlet: Outlet
  /** It got its number. */
  written(call: OutgoingCall): void
  /** Nobody wants it any more; `error` is what to tell whoever waits for it. */
  cancel(call: OutgoingCall, error: HotlineError | undefined): void
  /** Sends small control. */
  tell(message: string): void
}

/** A call that this side opened, from the moment it is made until the other end's last word. */
export class OutgoingCall implements Draft, StreamHooks, UploadTerms {
  /** Given by the table when it is written; another one in each session. */
  id = 0
  readonly path: string
  /** Characters, and bytes of attachments, that it holds until it is written. */
  readonly characters: number
  state: OutgoingState = 'waiting'
  /** When to give it up; `Infinity` for an accepted stream. */
  deadline: number
  readonly #timeoutMs: number
  /** How often it was sent before, in sessions that were lost. */
  again = 0
  /** Whether it ever got a number: then its handler may have begun. */
  mayHaveRun = false
  stream: StreamReader | undefined
  /** What it streams to the other end, where it does. */
  readonly upload: Upload | undefined
  /** A promise while its blobs are being read: until then it can't be written. */
  #value: ValueText | Promise<ValueText> | undefined
  readonly #fields: string
  #terms: OutgoingTerms
  #resolve: ((value: unknown) => void) | undefined
  #reject: ((error: HotlineError) => void) | undefined
  #detachSignal: (() => void) | undefined

  /** @throws TypeError for a `timeoutMs` that is no duration, and for items that can't be read one by one. */
  constructor(path: string, value: Encoded | undefined, options: CallOptions, terms: OutgoingTerms) {
    this.path = path
    this.#timeoutMs = checkTimeout(options.timeoutMs ?? terms.options.timeoutMs)
    this.deadline = terms.outlet.now() + this.#timeoutMs
    this.upload = uploadOf(options)
    this.#fields = ownFields(options, this.upload !== undefined)
    this.#terms = terms
    this.characters = path.length + this.#fields.length + (value === undefined ? 0 : lengthOf(value))
    this.#value = readBlobs(value)
    if (this.#value instanceof Promise) this.#await(this.#value)
  }

  /** An upload that waits for its reader or its source is no reason to give the call up, as long as the line stands. */
  get isHeldUp(): boolean {
    return this.upload?.isHeldUp === true
  }

  /** Its stream, while the other end has it open. */
  get openStream(): StreamReader | undefined {
    return this.state === 'streaming' || this.state === 'leaving' ? this.stream : undefined
  }

  /** Nothing that waits in an outbox is of another state. */
  get isWithdrawn(): boolean {
    return this.state !== 'waiting'
  }

  get codec(): Codec {
    return this.#terms.options.codec
  }

  promise(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Another caller holds it from now on. */
  moveTo(terms: OutgoingTerms): void {
    this.#terms = terms
    this.stream?.flow.moveTo(terms.pool)
  }

  /** The other end has accepted it as a subscription. */
  accept(): void {
    this.stream = new StreamReader(this.#terms.pool, this)
    // Its signal stays attached, since it may still cancel.
    this.#resolve?.(this.stream)
    this.#forget()
  }

  watch(signal: AbortSignal): void {
    this.#detachSignal = onAbort(signal, () => this.cancel(this.error('CANCELLED', { cause: signal.reason })))
  }

  write(now: number): Packed | undefined {
    if (this.state !== 'waiting' || this.#value instanceof Promise) return undefined
    this.state = 'sent'
    this.mayHaveRun = true
    this.#terms.written(this)
    const fields = this.#fieldsAt(now)
    const value = this.#value ?? (fields === '' ? undefined : encodeUndefined(this.codec))
    return pack(formatCall(this.id, this.path, value, fields), value?.attachments)
  }

  /** Its time begins anew: its upload has gone on. */
  progressed(): void {
    if (this.state === 'sent') this.deadline = this.#terms.outlet.now() + this.#timeoutMs
  }

  /** Sends an item of its upload, or that there are no more. */
  push(lane: StreamLane, message: Packed): void {
    const { outlet } = this.#terms
    this.progressed()
    outlet.outbox.pushStream(lane, message)
    outlet.flushSoon()
  }

  /** The reader of its stream takes `size` more. */
  grant(size: number): void {
    if (this.state === 'streaming') this.#terms.tell(formatCredit(this.id, size))
  }

  /** The reader of its stream wants no more. */
  stop(): void {
    this.cancel(undefined)
  }

  /** Nobody wants it any more. */
  cancel(error: HotlineError | undefined): void {
    this.#terms.cancel(this, error)
  }

  /** It won't be written any more: what it would have said needn't be kept until the other end's last word. */
  forgetInput(): void {
    this.#value = undefined
  }

  /** It was written, and surely not taken: as if it had never been. */
  takeBack(): void {
    if (this.state !== 'sent') return
    this.state = 'waiting'
    this.mayHaveRun = this.again > 0 || this.stream !== undefined
  }

  /** Gives its value to the promise, or to the stream that this gave. */
  resolve(value: unknown): void {
    this.#resolve?.(value)
    this.#forget()
    this.stream?.end(value)
    this.detachSignal()
  }

  /** Rejects the promise, or ends the stream that it gave. */
  fail(error: HotlineError): void {
    this.#reject?.(error)
    this.#forget()
    this.stream?.fail(error)
    this.detachSignal()
  }

  /** The session is gone that knew what became of it. */
  lose(): void {
    this.fail(this.error(this.stream === undefined ? 'OUTCOME_UNKNOWN' : 'SESSION_LOST'))
  }

  /** Its input can't be read, or an item of its stream, so the rest is of no use. */
  unreadable(error: HotlineError): void {
    this.fail(error)
    this.stop()
  }

  /** The error that ends it from this side. */
  error(code: ErrorCode, details?: ErrorDetails): HotlineError {
    return new HotlineError<string, unknown>(code, undefined, { mayHaveRun: this.mayHaveRun, ...details })
  }

  detachSignal(): void {
    this.#detachSignal?.()
  }

  /** A stream may be open for long. And a call that is over, but not collected yet, keeps nothing alive: a twentieth of many calls. */
  #forget(): void {
    this.#resolve = undefined
    this.#reject = undefined
  }

  #await(reading: Promise<ValueText>): void {
    reading.then(
      (value) => {
        if (this.state !== 'waiting') return
        this.#value = value
        const { outlet } = this.#terms
        outlet.outbox.pushCall(this)
        outlet.flushSoon()
      },
      // `readBlobs` rejects with nothing else.
      (error: HotlineError) => this.unreadable(error),
    )
  }

  #fieldsAt(now: number): string {
    const fields = this.stream === undefined ? this.#withTimeLeft(now) : this.#reopening(this.stream)
    return withField(fields, 'again', this.again || undefined)
  }

  #withTimeLeft(now: number): string {
    const leftMs = Math.max(0, Math.ceil(this.deadline - now))
    const isUsual = Math.abs(leftMs - this.#terms.options.timeoutMs) <= SLACK_MS
    return withField(this.#fields, 'timeoutMs', isUsual ? undefined : leftMs)
  }

  /** Where a stream goes on that is opened anew, and how much may come. It has no deadline: it was accepted once. */
  #reopening({ lastEventId, flow }: StreamReader): string {
    const credit = flow.restart()
    const isUsual = credit === PROTOCOL_LIMITS.firstCredit
    return withField(withField(this.#fields, 'lastEventId', lastEventId), 'credit', isUsual ? undefined : credit)
  }
}
