import type { Codec } from '../codec/codec.ts'
import type { CallOptions } from '../contract/call.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { formatCancel } from '../protocol/format.ts'
import type { ErrorFields, ItemFields, PositionFields, ValueFields } from '../protocol/message.ts'
import { CallTable } from './call-table.ts'
import { checkTimeout } from './check-timeout.ts'
import { encodeValue } from './encode-value.ts'
import { OutgoingCall, type OutgoingTerms } from './outgoing-call.ts'
import type { Outlet } from './outlet.ts'
import { StreamReader } from './stream-reader.ts'

export interface CallerOptions {
  readonly codec: Codec
  /** A client opens odd ids, a server even ones. */
  readonly firstId: 1 | 2
  /** For calls that say nothing else. */
  readonly timeoutMs: number
  /** Characters of calls that wait without a number; more are refused with `QUEUE_FULL`. */
  readonly queueCharacters: number
}

/** Lost sessions after which a call that was never answered is given up. */
const MAX_AGAIN = 3

/** The calls that this side opens, in a table that outlives sessions. */
export class Caller {
  readonly #options: CallerOptions
  readonly #terms: OutgoingTerms
  #outlet: Outlet
  readonly #calls: CallTable
  #strayAnswers = 0
  /** Calls first written behind a greeting that the server hasn't answered yet. */
  #unconfirmed: OutgoingCall[] | undefined

  constructor(outlet: Outlet, options: CallerOptions) {
    this.#outlet = outlet
    this.#options = options
    this.#calls = new CallTable(options.firstId)
    this.#terms = {
      timeoutMs: options.timeoutMs,
      encodeUndefined: () => options.codec.encode(undefined),
      written: (call) => {
        this.#calls.written(call)
        this.#unconfirmed?.push(call)
      },
    }
  }

  /** Calls whose other end hasn't said its last word. */
  get size(): number {
    return this.#calls.size
  }

  /** Since when somebody has waited for a result without a break; open subscriptions don't count. */
  get awaitedSince(): number | undefined {
    return this.#calls.awaitedSince
  }

  /** Answers that belonged to no call. */
  get strayAnswers(): number {
    return this.#strayAnswers
  }

  /** Opens a call. The promise gives the result, for a subscription a `Stream`; it rejects with a `HotlineError` only. */
  call(path: string, input: unknown, options: CallOptions = {}): Promise<unknown> {
    try {
      return this.#open(path, input, options)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  onStream(id: number): void {
    const call = this.#calls.get(id)
    if (call === undefined || call.state !== 'sent') return this.#stray(call)
    call.state = 'streaming'
    call.deadline = Number.POSITIVE_INFINITY
    if (call.stream !== undefined) return call.stream.reopened()
    this.#calls.answered()
    call.stream = new StreamReader(() => this.#cancel(call, undefined))
    call.resolve(call.stream)
  }

  onItem(id: number, value: unknown, fields: ItemFields | undefined): void {
    const call = this.#calls.get(id)
    if (call?.stream === undefined || call.state !== 'streaming') return this.#stray(call)
    const item = this.#decode(call, value, fields?.meta)
    if (item !== undefined) call.stream.push(item.value, fields?.eventId)
  }

  onPosition(id: number, { eventId, gap = false }: PositionFields): void {
    const call = this.#calls.get(id)
    if (call?.stream === undefined || call.state !== 'streaming') return this.#stray(call)
    call.stream.moveTo(eventId, gap)
  }

  onResult(id: number, value: unknown, fields: ValueFields | undefined): void {
    const call = this.#calls.get(id)
    if (call === undefined) return this.#stray(call)
    const wasCancelled = call.state === 'cancelled'
    const result = wasCancelled ? undefined : this.#decode(call, value, fields?.meta)
    this.#remove(call)
    if (result === undefined) return
    if (call.stream !== undefined) call.stream.end(result.value)
    call.resolve(result.value)
    call.detachSignal()
  }

  onError(id: number, fields: ErrorFields): void {
    const call = this.#calls.get(id)
    if (call === undefined) return this.#stray(call)
    const wasCancelled = call.state === 'cancelled'
    this.#remove(call)
    if (wasCancelled) return
    const { code, message, mayHaveRun = true } = fields
    const data = fields.data === undefined ? undefined : this.#decodeErrorData(fields)
    call.fail(new HotlineError<string, unknown>(code, data, { message, mayHaveRun }))
  }

  /** From now on calls are written behind a greeting: whether they count is for its answer to say. */
  beginAttempt(): void {
    this.#unconfirmed = []
  }

  /** The server has taken the session up: what was written behind the greeting counts. */
  confirmAttempt(): void {
    this.#unconfirmed = undefined
  }

  /** The server has refused the greeting and dropped what was written behind it: those calls have not run. */
  takeBackAttempt(): void {
    for (const call of this.#unconfirmed ?? []) call.takeBack()
    this.#unconfirmed = undefined
  }

  /** Ends the calls whose time is up. Gives the next time to look, at the latest. */
  sweep(now: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const call of this.#calls.values()) {
      if (call.deadline > now) next = Math.min(next, call.deadline)
      else if (call.state === 'waiting' || call.state === 'sent') this.#cancel(call, 'TIMEOUT')
    }
    return next
  }

  /**
   * The session is lost and another one begins at `outlet`. What was never sent goes there; what was not answered goes
   * again, marked, and its server decides; streams are opened again after their last event.
   */
  restart(outlet: Outlet): void {
    this.#outlet = outlet
    for (const call of this.#calls.takeAll()) this.#again(call)
    if (this.#calls.size > 0) outlet.flushSoon()
  }

  /** Settles every call: nothing will carry them. `as` is for those that were never sent, and for all when it is CLOSED. */
  settleAll(as: 'CLOSED' | 'NOT_SENT' | 'UNAUTHORIZED', reason: string): void {
    for (const call of [...this.#calls.values()]) {
      const isSettled = call.state === 'cancelled'
      this.#remove(call)
      if (isSettled) continue
      if (as === 'CLOSED' || !call.mayHaveRun) call.fail(call.error(as, reason))
      else call.fail(call.error(call.stream === undefined ? 'OUTCOME_UNKNOWN' : 'SESSION_LOST'))
    }
  }

  #open(path: string, input: unknown, options: CallOptions): Promise<unknown> {
    const { signal } = options
    if (signal?.aborted === true) throw new HotlineError('CANCELLED', undefined, { cause: signal.reason })
    const timeoutMs = checkTimeout(options.timeoutMs ?? this.#options.timeoutMs)
    const value = encodeValue(this.#options.codec, input, false)
    const now = this.#outlet.now()
    const call = new OutgoingCall(path, value, options, now + timeoutMs, this.#terms)
    this.#checkRoom(call)
    this.#enqueue(call, now)
    if (signal !== undefined) call.onAbort(signal, () => this.#cancel(call, 'CANCELLED', signal.reason))
    return call.promise()
  }

  #checkRoom({ characters }: OutgoingCall): void {
    const { queueCharacters } = this.#options
    const waiting = this.#calls.waitingCharacters + this.#outlet.outbox.characters
    if (waiting + characters <= queueCharacters) return
    const message = `${waiting} characters wait to be sent, and at most ${queueCharacters} may: call again when earlier calls have left.`
    throw new HotlineError('QUEUE_FULL', undefined, { message })
  }

  #enqueue(call: OutgoingCall, now: number): void {
    this.#calls.add(call, now)
    this.#outlet.outbox.pushCall(call)
    this.#outlet.wakeAt(call.deadline)
    this.#outlet.flushSoon()
  }

  #again(call: OutgoingCall): void {
    if (call.state === 'cancelled') return
    if (call.state === 'sent' && call.stream === undefined && ++call.again > MAX_AGAIN) {
      return call.fail(call.error('OUTCOME_UNKNOWN'))
    }
    call.state = 'waiting'
    this.#enqueue(call, this.#outlet.now())
  }

  /** Settles a call here, and tells the other end where it has heard of the call. */
  #cancel(call: OutgoingCall, code: 'TIMEOUT' | 'CANCELLED' | undefined, cause?: unknown): void {
    if (call.state === 'cancelled' || call.state === 'ended') return
    if (call.state === 'waiting') {
      this.#calls.delete(call)
      call.state = 'ended'
    } else {
      if (call.stream === undefined) this.#calls.answered()
      call.state = 'cancelled'
      this.#outlet.outbox.pushControl(formatCancel(call.id))
      this.#outlet.flushSoon()
    }
    if (code === undefined) call.detachSignal()
    else call.fail(call.error(code, undefined, cause))
  }

  /** The other end has said its last word. */
  #remove(call: OutgoingCall): void {
    this.#calls.delete(call)
    call.state = 'ended'
  }

  #decode(call: OutgoingCall, value: unknown, meta: unknown): { readonly value: unknown } | undefined {
    try {
      return { value: this.#options.codec.decode(value, meta) }
    } catch (cause) {
      const message = `The answer of "${call.path}" could not be decoded: use the same codec on both ends.`
      this.#cancelUndecodable(
        call,
        new HotlineError('OUTCOME_UNKNOWN', undefined, { message, cause, mayHaveRun: true }),
      )
      return undefined
    }
  }

  #cancelUndecodable(call: OutgoingCall, error: HotlineError): void {
    call.fail(error)
    this.#cancel(call, undefined)
  }

  #decodeErrorData({ data, meta }: ErrorFields): unknown {
    try {
      return this.#options.codec.decode(data, meta)
    } catch {
      return undefined
    }
  }

  #stray(call: OutgoingCall | undefined): void {
    if (call?.state !== 'cancelled') this.#strayAnswers++
  }
}
