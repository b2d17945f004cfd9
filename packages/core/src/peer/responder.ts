import type { Definition } from '../contract/definition.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { Invocation, NOTHING_CARRIED } from '../contract/invocation.ts'
import { acceptItem, invoke } from '../contract/invoke.ts'
import { isThenable } from '../contract/is-thenable.ts'
import type { Endpoint } from '../contract/procedure-table.ts'
import type { CallFields } from '../protocol/message.ts'
import type { Attachments } from '../protocol/packed.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import type { StreamLane } from '../session/outbox.ts'
import { AnswerWriter } from './answer-writer.ts'
import type { Answering } from './answering.ts'
import { carried, isAgain, NO_FIELDS } from './call-fields.ts'
import { CreditPool } from './credit-pool.ts'
import { IncomingCall } from './incoming-call.ts'
import { IncomingCalls } from './incoming-calls.ts'
import { IncomingItems } from './incoming-items.ts'
import { type Input, textOf } from './input.ts'
import type { Outlet } from './outlet.ts'
import { cutOff, notAccepted, notFound, tooFast, tooManyCalls, undecodable } from './refusals.ts'
import type { ConnectionOfCalls, ResponderOptions } from './responder-options.ts'
import { mayRunAgain } from './run-once.ts'
import { stoppedBy } from './stopped-by.ts'
import { writeStream } from './stream-writer.ts'
import { whyNot } from './why-not.ts'

/** Answers the calls that the other end opens, within one session. */
export class Responder implements Answering {
  /** What their handlers see of it. */
  readonly connection: ConnectionOfCalls
  /** Takes what the other end says of the items of its calls. */
  readonly calls: IncomingCalls
  readonly #outlet: Outlet
  readonly #options: ResponderOptions
  readonly #answers: AnswerWriter
  /** Made by the first call with items. */
  #pool: CreditPool | undefined

  /** `parity` is that of the ids which the other end opens. */
  constructor(outlet: Outlet, parity: 'odd' | 'even', options: ResponderOptions) {
    this.#outlet = outlet
    this.#options = options
    this.connection = options.connection ?? { context: undefined }
    this.#answers = new AnswerWriter(outlet, options)
    this.calls = new IncomingCalls(parity, options.holdings)
  }

  get size(): number {
    return this.calls.size
  }

  /** @throws ProtocolError `BAD_FRAME` for an id that isn't the opener's, or was used before. */
  open(id: number, path: string, value: unknown, fields: CallFields = NO_FIELDS, attachments?: Attachments): void {
    this.calls.use(id)
    if (this.#answers.hasEnded) return // it stands behind the call whose handler has ended the session
    const input = { value, attachments }
    const found = this.#options.procedures.find(path)
    if (!(found instanceof Promise)) return this.#start(id, path, found, input, fields)
    // Its input waits with it, so it counts as running already.
    const { size } = this.calls
    if (size >= this.#options.maxCalls) return this.#answers.error(id, tooManyCalls(size), undefined)
    this.calls.load(id)
    found.then(
      (endpoint) => this.calls.loaded(id) && this.#startLate(id, path, endpoint, input, fields),
      (reason) => this.calls.loaded(id) && this.#refuse(id, path, undefined, reason),
    )
  }

  /**
   * The caller is gone from this call. An unknown id is one that has ended meanwhile.
   * @throws ProtocolError `FLOOD` where calls are cancelled too fast.
   */
  cancel(id: number): void {
    const reason = new HotlineError('CANCELLED', undefined)
    const call = this.calls.get(id)
    if (call !== undefined) call.abort(reason)
    else if (this.calls.loaded(id)) this.#answers.error(id, reason, undefined)
    else return
    // That of a subscription was paid for when it was opened.
    if (call?.isStream !== true) this.#options.floods?.cancel()
  }

  /** Aborts handlers whose caller's time is up. Gives the next time to look, at the latest. */
  sweep(now: number): number {
    return this.calls.sweep(now)
  }

  /** This end is about to stop: whoever called what nobody would run again needn't wait for another server to say so. */
  cutOff(): void {
    for (const { id, isKeyed, invocation, flow } of this.calls.values()) {
      if (!isKeyed && !mayRunAgain(invocation.endpoint.definition)) this.#answers.error(id, cutOff(), flow?.lane)
    }
  }

  /** The session is over: every handler's signal aborts, and nothing is answered any more. */
  end(reason: string): void {
    if (this.#answers.hasEnded) return
    this.#answers.end()
    this.calls.endAll(reason)
  }

  /** The frame that brought it is long taken in: a flood that shows only now is refused, and who goes on is closed at the next one. */
  #startLate(id: number, path: string, endpoint: Endpoint | undefined, input: Input, fields: CallFields): void {
    try {
      this.#start(id, path, endpoint, input, fields)
    } catch (thrown) {
      const waitMs = thrown instanceof ProtocolError ? this.#options.floods?.opensInMs : undefined
      this.#refuse(id, path, endpoint?.definition, waitMs === undefined ? thrown : tooFast(waitMs))
    }
  }

  #start(id: number, path: string, endpoint: Endpoint | undefined, input: Input, fields: CallFields): void {
    if (endpoint === undefined) return this.#refuse(id, path, undefined, notFound(path))
    const { definition } = endpoint
    const keyed = fields.idempotencyKey === undefined ? undefined : this.#options.keyed
    const reason = whyNot(endpoint, fields, this.calls, this.#options)
    if (reason !== undefined) return this.#answers.error(id, reason, undefined)
    const inputText = keyed && textOf(input, fields)
    let value: unknown
    try {
      value = this.#options.codec.decode(input.value, fields.meta, input.attachments)
    } catch (cause) {
      return this.#refuse(id, path, definition, undecodable(path, cause))
    }
    if (keyed === undefined) return this.#run(id, endpoint, value, fields)
    const call = this.#add(id, new Invocation(endpoint, undefined, this.connection, NOTHING_CARRIED), fields, undefined)
    keyed.runs.join({
      key: { scope: keyed.scope, path, key: fields.idempotencyKey ?? '' },
      invocation: new Invocation(endpoint, value, this.connection, carried(fields)),
      isAgain: isAgain(fields),
      inputText,
      // What runs may be another call's: this one only waits, and its signal says that it waits no more.
      signal: call.invocation.signal,
      report: (report) => this.#options.report(report),
      answer: (text) => this.#answerKeyed(call, text),
    })
  }

  #run(id: number, endpoint: Endpoint, input: unknown, fields: CallFields): void {
    const items = fields.items === true ? this.#newItems(id, endpoint) : undefined
    const invocation = new Invocation(endpoint, input, this.connection, carried(fields, items))
    // One that takes items is there from the start: they may come for it.
    const early = items === undefined ? undefined : this.#add(id, invocation, fields, items)
    const isStream = endpoint.definition.kind === 'subscription'
    let returned: unknown
    this.calls.beginning = invocation
    try {
      returned = invoke(invocation)
    } catch (thrown) {
      return early === undefined ? this.#fail(id, invocation, thrown) : this.#failed(early, thrown)
    } finally {
      this.calls.beginning = undefined
    }
    // A handler that answers at once leaves nothing behind.
    if (early === undefined && !isStream && !isThenable(returned)) return this.#answer(id, invocation, returned)
    items?.begin()
    const call = early ?? this.#add(id, invocation, fields, undefined)
    const settle = (value: unknown) => (isStream ? this.#accept(call, value, fields.credit) : this.#end(call, value))
    if (!isThenable(returned)) return settle(returned)
    returned.then(settle, (thrown) => this.#failed(call, thrown))
  }

  #newItems(id: number, endpoint: Endpoint): IncomingItems {
    this.#pool ??= new CreditPool(this.calls.holdings)
    return new IncomingItems({
      id,
      path: endpoint.path,
      codec: this.#options.codec,
      outlet: this.#outlet,
      pool: this.#pool,
      check: (item) => acceptItem(endpoint, item),
      broken: (reason) => this.calls.get(id)?.abort(reason),
      progressed: () => this.calls.progressed(id, this.#outlet.now()),
    })
  }

  #add(id: number, invocation: Invocation, fields: CallFields, items: IncomingItems | undefined): IncomingCall {
    const call = new IncomingCall(id, invocation, items, fields.timeoutMs ?? this.#options.timeoutMs)
    call.isKeyed = fields.idempotencyKey !== undefined
    call.size = this.calls.holdings.messageSize
    call.progressed(this.#outlet.now())
    this.calls.add(call)
    this.#outlet.wakeAt(call.deadline)
    return call
  }

  #answerKeyed(call: IncomingCall, text: string): void {
    this.calls.delete(call)
    this.#answers.kept(call.id, text)
  }

  #accept(call: IncomingCall, iterable: unknown, credit: number | undefined): void {
    call.deadline = Number.POSITIVE_INFINITY
    this.#answers.accepted(call.id)
    // `invoke` gives nothing else for a subscription.
    writeStream(call, iterable as AsyncIterable<unknown>, this.#answers, credit).then(
      (value) => (call.invocation.isAborted ? this.#failed(call, call.invocation.abortReason) : this.#end(call, value)),
      (thrown) => this.#failed(call, thrown),
    )
  }

  #answer(id: number, invocation: Invocation, value: unknown): void {
    try {
      this.#answers.result(id, value, undefined)?.catch((thrown) => this.#fail(id, invocation, thrown))
    } catch (thrown) {
      this.#fail(id, invocation, thrown)
    }
  }

  #end(call: IncomingCall, value: unknown): void {
    let reading: Promise<void> | undefined
    try {
      reading = this.#answers.result(call.id, value, call.flow?.lane)
    } catch (thrown) {
      return this.#failed(call, thrown)
    }
    if (reading === undefined) return this.calls.delete(call)
    reading.then(
      () => this.calls.delete(call),
      (thrown) => this.#failed(call, thrown),
    )
  }

  #failed(call: IncomingCall, thrown: unknown): void {
    this.calls.delete(call)
    const { id, invocation, items, flow } = call
    const known = items?.isRefusal(thrown) === true ? thrown : stoppedBy(invocation, thrown)
    if (call.isStream && flow === undefined) invocation.abort(notAccepted())
    if (known !== undefined) return this.#answers.error(id, known, flow?.lane)
    this.#fail(id, invocation, thrown, flow?.lane)
  }

  #fail(id: number, { endpoint, hasBegun }: Invocation, thrown: unknown, lane?: StreamLane): void {
    const { path, definition } = endpoint
    this.#answers.failure({ id, path, definition, mayHaveRun: hasBegun, thrown, lane })
  }

  #refuse(id: number, path: string, definition: Definition | undefined, thrown: unknown): void {
    this.#answers.failure({ id, path, definition, mayHaveRun: false, thrown, lane: undefined })
  }
}
