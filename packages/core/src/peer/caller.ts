import type { Codec } from '../codec/codec.ts'
import type { CallOptions } from '../contract/call.ts'
import { type ErrorDetails, HotlineError } from '../contract/hotline-error.ts'
import { formatCancel } from '../protocol/format.ts'
import type { Holdings } from '../session/holdings.ts'
import { AnswerReader, type Heir } from './answer-reader.ts'
import { CallTable } from './call-table.ts'
import { checkOptions } from './check-options.ts'
import { CreditPool } from './credit-pool.ts'
import { encodeValue } from './encode-value.ts'
import { OutgoingCall, type OutgoingTerms } from './outgoing-call.ts'
import type { Outlet } from './outlet.ts'

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
export class Caller implements OutgoingTerms {
  readonly options: CallerOptions
  /** Where it calls at the moment. */
  outlet: Outlet
  /** Those whose other end hasn't said its last word. */
  readonly calls: CallTable
  readonly #holdings: Holdings | undefined
  /** Why there was no connection when it was last looked for: what is late before it has left is late for that. */
  absence: string | undefined
  #pool: CreditPool | undefined
  /** Takes what the other end answers. */
  readonly answers: AnswerReader
  /** Calls first written behind a greeting that the server hasn't answered yet. */
  #unconfirmed: OutgoingCall[] | undefined

  /** What was not read yet is added up in `holdings`. */
  constructor(outlet: Outlet, options: CallerOptions, holdings?: Holdings) {
    this.outlet = outlet
    this.#holdings = holdings
    this.options = options
    this.calls = new CallTable(options.firstId)
    this.answers = new AnswerReader(this.calls, options.codec)
  }

  /** Made by the first stream: a server may never call its clients. */
  get pool(): CreditPool {
    this.#pool ??= new CreditPool(this.#holdings)
    return this.#pool
  }

  /** Opens a call. The promise gives the result, for a subscription a `Stream`; it rejects with a `HotlineError`, and with a TypeError for bad options. */
  call(path: string, input: unknown, options: CallOptions = {}): Promise<unknown> {
    try {
      return this.#open(path, input, options)
    } catch (error) {
      return Promise.reject(error)
    }
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
    for (const call of this.calls.values()) {
      if (call.deadline <= now && call.isHeldUp && this.outlet.isAttached) call.progressed()
      if (call.deadline > now) next = Math.min(next, call.deadline)
      else if (call.state === 'waiting' || call.state === 'sent')
        this.cancel(call, call.error('TIMEOUT', this.#lateness(call)))
    }
    return next
  }

  /**
   * The session is lost and another one begins at `outlet`. What was never sent goes there; what was not answered goes
   * again, marked, and its server decides; streams are opened again after their last event.
   */
  restart(outlet: Outlet): void {
    this.outlet = outlet
    const lost = this.calls.takeAll().filter((call) => !this.#again(call))
    // Last: who hears of it may close the client, which must find all the others.
    for (const call of lost) {
      call.upload?.stop()
      call.lose()
    }
  }

  /**
   * Everything goes elsewhere. Streams that can go on without a gap are ended here, and given to `heir` one by one when
   * the other end has ended them. Calls that are out end here; `heir` hears when nothing is left.
   */
  release(heir: Heir): void {
    this.answers.heir = heir
    for (const call of this.calls.values()) {
      const mayMove = call.stream?.mayMove === true && call.upload === undefined
      if (call.state === 'streaming' && mayMove) this.#leave(call)
    }
  }

  /** Takes out the calls that were not written yet. */
  takeWaiting(): OutgoingCall[] {
    this.outlet.outbox.withdrawDrafts()
    return this.calls.takeWaiting()
  }

  /** Takes over a call that another caller has released. */
  adopt(call: OutgoingCall): void {
    call.moveTo(this)
    call.state = 'waiting'
    this.#enqueue(call, this.outlet.now())
  }

  /** Settles every call: nothing will carry them. `as` is for those that were never sent, and for all when it is CLOSED. */
  settleAll(as: 'CLOSED' | 'NOT_SENT' | 'UNAUTHORIZED', reason: string): void {
    for (const call of [...this.calls.values()]) {
      this.calls.end(call)
      if (as === 'CLOSED' || !call.mayHaveRun) call.fail(call.error(as, { message: reason }))
      else call.lose()
    }
  }

  /** It got its number. */
  written(call: OutgoingCall): void {
    this.calls.written(call)
    this.#unconfirmed?.push(call)
  }

  /** Settles a call here, and tells the other end where it has heard of the call. Without an error it settles itself. */
  cancel(call: OutgoingCall, error: HotlineError | undefined): void {
    if (call.state === 'cancelled' || call.state === 'ended') return
    if (call.state === 'waiting') {
      this.calls.end(call)
      this.outlet.outbox.withdrew()
      // Nothing has to leave, but what is kept is less.
      this.outlet.flushSoon()
    } else {
      call.upload?.stop()
      if (call.stream === undefined) this.calls.answered()
      call.state = 'cancelled'
      this.tell(formatCancel(call.id))
    }
    call.forgetInput()
    if (error === undefined) call.detachSignal()
    else call.fail(error)
  }

  tell(message: string): void {
    this.outlet.outbox.pushControl(message)
    this.outlet.flushSoon()
  }

  #open(path: string, input: unknown, options: CallOptions): Promise<unknown> {
    checkOptions(path, options)
    const { signal } = options
    if (signal?.aborted === true) throw new HotlineError('CANCELLED', undefined, { cause: signal.reason })
    const value = encodeValue(this.options.codec, input)
    const call = new OutgoingCall(path, value, options, this)
    this.#checkRoom(call)
    // Before anybody hears of it: the application's `auth`, say, may close the client or abort the signal.
    const promise = call.promise()
    if (signal !== undefined) call.watch(signal)
    this.#enqueue(call, this.outlet.now())
    return promise
  }

  #checkRoom(call: OutgoingCall): void {
    const { characters } = call
    const { queueCharacters } = this.options
    const waiting = this.calls.waitingCharacters + this.outlet.outbox.characters
    if (waiting + characters <= queueCharacters) return
    // Its blobs may be being read, and then it would be ready.
    call.state = 'ended'
    const message = `${waiting} characters wait to be sent, and at most ${queueCharacters} may: call again when earlier calls have left.`
    throw new HotlineError('QUEUE_FULL', undefined, { message })
  }

  #enqueue(call: OutgoingCall, now: number): void {
    this.calls.add(call, now)
    this.outlet.outbox.pushCall(call)
    this.outlet.wakeAt(call.deadline)
    this.outlet.flushSoon()
  }

  /** Gives whether it goes on, or had been settled; else whoever waits is still to be told. */
  #again(call: OutgoingCall): boolean {
    if (call.state === 'cancelled') return true
    const isGivenUp = call.state === 'sent' && call.stream === undefined && ++call.again > MAX_AGAIN
    if (isGivenUp || call.upload?.hasBegun === true) {
      call.state = 'ended'
      return false
    }
    call.state = 'waiting'
    this.#enqueue(call, this.outlet.now())
    return true
  }

  /** A larger `timeoutMs` doesn't help a call that waits for a server that isn't there. */
  #lateness({ state }: OutgoingCall): ErrorDetails | undefined {
    if (state !== 'waiting' || this.outlet.isAttached || this.absence === undefined) return undefined
    return { message: `There was no connection in time. ${this.absence}` }
  }

  #leave(call: OutgoingCall): void {
    call.state = 'leaving'
    this.tell(formatCancel(call.id))
  }
}
