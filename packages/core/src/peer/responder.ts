import type { Codec } from '../codec/codec.ts'
import type { Definition } from '../contract/definition.ts'
import type { ErrorCode } from '../contract/error-code.ts'
import { type Failure, toFailure } from '../contract/failure.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { type Carried, Invocation, NOTHING_CARRIED } from '../contract/invocation.ts'
import { invoke } from '../contract/invoke.ts'
import type { Endpoint, ProcedureTable } from '../contract/procedure-table.ts'
import { formatError, formatResult, formatStream, type ValueText } from '../protocol/format.ts'
import type { CallFields } from '../protocol/message.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { encodeValue } from './encode-value.ts'
import { IncomingCall } from './incoming-call.ts'
import type { Outlet } from './outlet.ts'
import { type Answers, writeStream } from './stream-writer.ts'

export interface ResponderOptions {
  readonly codec: Codec
  readonly procedures: ProcedureTable
  /** Calls that may run at once; a cancelled one counts until its handler has ended. */
  readonly maxCalls: number
  /** For calls that don't say: what the other end said in its greeting. */
  readonly timeoutMs: number
  newId(): string
  /** Something was thrown that the caller sees only as `INTERNAL`. */
  report(report: CallReport): void
}

/** What a log needs to know of a handler that failed. */
export interface CallReport {
  readonly path: string
  /** The id that the caller's error carries. */
  readonly id: string
  readonly reason: unknown
}

/** Answers the calls that the other end opens, within one session. */
export class Responder {
  readonly #outlet: Outlet
  readonly #options: ResponderOptions
  readonly #calls = new Map<number, IncomingCall>()
  readonly #answers: Answers
  /** What handlers of calls opened from now on get as `ctx`. */
  context: unknown
  #lastId: number
  #hasEnded = false

  /** `parity` is that of the ids which the other end opens. */
  constructor(outlet: Outlet, parity: 'odd' | 'even', options: ResponderOptions) {
    this.#outlet = outlet
    this.#options = options
    this.#lastId = parity === 'odd' ? -1 : 0
    this.#answers = {
      item: (call, text) => this.#send(() => outlet.outbox.pushStream(call.lane, text)),
      end: (call, value) => this.#end(call, value),
      fail: (call, thrown) => this.#fail(call, thrown),
      encode: (value, fieldsFollow) => encodeValue(options.codec, value, fieldsFollow),
    }
  }

  /** Calls whose handler hasn't ended. */
  get size(): number {
    return this.#calls.size
  }

  /** @throws ProtocolError `BAD_FRAME` for an id that isn't the opener's, or not above its last one. */
  open(id: number, path: string, input: unknown, fields: CallFields | undefined): void {
    this.#checkId(id)
    const found = this.#options.procedures.find(path)
    if (!(found instanceof Promise)) return this.#start(id, path, found, input, fields)
    found.then(
      (endpoint) => this.#hasEnded || this.#start(id, path, endpoint, input, fields),
      (reason) => this.#refuse(id, path, undefined, reason),
    )
  }

  /** The caller is gone from this call. An unknown id is one that has ended meanwhile. */
  cancel(id: number): void {
    this.#calls.get(id)?.abort(new HotlineError('CANCELLED', undefined))
  }

  /** Aborts handlers whose caller's time is up. Gives the next time to look, at the latest. */
  sweep(now: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const call of this.#calls.values()) {
      if (call.deadline > now) next = Math.min(next, call.deadline)
      else call.abort(new HotlineError('TIMEOUT', undefined))
    }
    return next
  }

  /** The session is over: every handler's signal aborts, and nothing is answered any more. */
  end(reason: Error): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    for (const call of this.#calls.values()) call.abort(reason)
  }

  #checkId(id: number): void {
    if (id > this.#lastId && (id - this.#lastId) % 2 === 0) {
      this.#lastId = id
      return
    }
    const parity = this.#lastId % 2 === 0 ? 'even' : 'odd'
    throw new ProtocolError(
      'BAD_FRAME',
      `Message "call" has the id ${id}: expected an ${parity} one above ${this.#lastId}.`,
    )
  }

  #start(
    id: number,
    path: string,
    endpoint: Endpoint | undefined,
    input: unknown,
    fields: CallFields | undefined,
  ): void {
    if (endpoint === undefined)
      return this.#refuseAs(
        id,
        'NOT_FOUND',
        `There is no procedure "${path}": check its path, and that the server is up to date.`,
      )
    const { definition } = endpoint
    if ((fields?.again ?? 0) > 0 && !mayRunAgain(definition)) return this.#outcomeUnknown(id)
    if (this.#calls.size >= this.#options.maxCalls) {
      return this.#refuseAs(
        id,
        'TOO_MANY_CALLS',
        `${this.#calls.size} calls are running on this connection, its limit: let some end first.`,
      )
    }
    let value: unknown
    try {
      value = this.#options.codec.decode(input, fields?.meta)
    } catch (reason) {
      const message = `The input of "${path}" could not be decoded: use the same codec on both ends.`
      return this.#refuse(
        id,
        path,
        definition,
        new HotlineError('BAD_INPUT', { issues: [] }, { message, cause: reason }),
      )
    }
    this.#run(id, new Invocation(endpoint, value, this.context, carried(fields)), fields)
  }

  #run(id: number, invocation: Invocation, fields: CallFields | undefined): void {
    let returned: unknown
    try {
      returned = invoke(invocation)
    } catch (thrown) {
      return this.#fail(new IncomingCall(id, invocation, Number.POSITIVE_INFINITY), thrown)
    }
    const isStream = invocation.endpoint.definition.kind === 'subscription'
    if (!isStream && !isThenable(returned)) return this.#answer(id, invocation, returned)
    const call = new IncomingCall(id, invocation, this.#outlet.now() + (fields?.timeoutMs ?? this.#options.timeoutMs))
    this.#calls.set(id, call)
    this.#outlet.wakeAt(call.deadline)
    if (!isThenable(returned)) return this.#accept(call, returned)
    returned.then(
      (value) => (isStream ? this.#accept(call, value) : this.#end(call, value)),
      (thrown) => this.#fail(call, thrown),
    )
  }

  #accept(call: IncomingCall, iterable: unknown): void {
    call.deadline = Number.POSITIVE_INFINITY
    this.#send(() => this.#outlet.outbox.pushCall(formatStream(call.id)))
    // `invoke` gives nothing else for a subscription.
    writeStream(call, iterable as AsyncIterable<unknown>, this.#answers)
  }

  /** The way of a handler that answers at once: nothing about the call is kept. */
  #answer(id: number, invocation: Invocation, value: unknown): void {
    let text: ValueText | undefined
    try {
      text = encodeValue(this.#options.codec, value, false)
    } catch (thrown) {
      return this.#fail(new IncomingCall(id, invocation, Number.POSITIVE_INFINITY), thrown)
    }
    this.#send(() => this.#outlet.outbox.pushCall(this.#resultText(id, text)))
  }

  #end(call: IncomingCall, value: unknown): void {
    let text: ValueText | undefined
    try {
      text = encodeValue(this.#options.codec, value, false)
    } catch (thrown) {
      return this.#fail(call, thrown)
    }
    this.#close(call, this.#resultText(call.id, text))
  }

  #resultText(id: number, value: ValueText | undefined): string {
    if (!this.#outlet.isFull) return formatResult(id, value)
    const { code, message } = new HotlineError('RESULT_DROPPED', undefined)
    return formatError(id, { code, message }, undefined)
  }

  #fail(call: IncomingCall, thrown: unknown): void {
    const { endpoint, hasBegun } = call.invocation
    const failure = this.#failure(thrown, endpoint.definition, hasBegun)
    this.#report(endpoint.path, failure)
    this.#close(call, this.#errorText(call.id, failure.error))
  }

  /** The last word of a call. A stream's follows its items. */
  #close(call: IncomingCall, text: string): void {
    this.#calls.delete(call.id)
    const { outbox } = this.#outlet
    const isStream = call.stopSource !== undefined
    this.#send(() => (isStream ? outbox.pushStream(call.lane, text) : outbox.pushCall(text)))
  }

  #refuseAs(id: number, code: Extract<ErrorCode, 'NOT_FOUND' | 'TOO_MANY_CALLS'>, message: string): void {
    this.#send(() => this.#outlet.outbox.pushCall(formatError(id, { code, message, mayHaveRun: false }, undefined)))
  }

  #refuse(id: number, path: string, definition: Definition | undefined, reason: unknown): void {
    const failure = this.#failure(reason, definition, false)
    this.#report(path, failure)
    this.#send(() => this.#outlet.outbox.pushCall(this.#errorText(id, failure.error)))
  }

  #outcomeUnknown(id: number): void {
    const { code, message } = new HotlineError('OUTCOME_UNKNOWN', undefined)
    this.#send(() => this.#outlet.outbox.pushCall(formatError(id, { code, message }, undefined)))
  }

  #failure(thrown: unknown, definition: Definition | undefined, mayHaveRun: boolean): Failure {
    return toFailure(thrown, { definition, mayHaveRun, newId: this.#options.newId })
  }

  #report(path: string, { unexpected }: Failure): void {
    if (unexpected !== undefined && !this.#hasEnded) this.#options.report({ path, ...unexpected })
  }

  #errorText(id: number, { code, message, data, mayHaveRun }: HotlineError): string {
    const fields = { code, message, ...(mayHaveRun ? {} : { mayHaveRun }) }
    try {
      return formatError(id, fields, encodeValue(this.#options.codec, data, false))
    } catch {
      return formatError(id, fields, undefined)
    }
  }

  #send(push: () => void): void {
    if (this.#hasEnded) return
    push()
    this.#outlet.flushSoon()
  }
}

function mayRunAgain({ kind, idempotent }: Definition): boolean {
  return kind !== 'mutation' || idempotent
}

function carried(fields: CallFields | undefined): Carried {
  if (fields === undefined) return NOTHING_CARRIED
  const { headers = NOTHING_CARRIED.headers, lastEventId, idempotencyKey } = fields
  return { ...NOTHING_CARRIED, headers, lastEventId, idempotencyKey }
}

function isThenable(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
