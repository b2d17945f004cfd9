import type { Codec } from '../codec/codec.ts'
import type { Definition } from '../contract/definition.ts'
import { toFailure } from '../contract/failure.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { type Carried, Invocation, NOTHING_CARRIED } from '../contract/invocation.ts'
import { invoke } from '../contract/invoke.ts'
import type { Endpoint, ProcedureTable } from '../contract/procedure-table.ts'
import type { CallFields } from '../protocol/message.ts'
import { AnswerWriter } from './answer-writer.ts'
import { CallIds } from './call-ids.ts'
import { IncomingCall } from './incoming-call.ts'
import { withId } from './keyed-run.ts'
import type { Outlet } from './outlet.ts'
import { mayRunAgain, type RunOnce } from './run-once.ts'
import { stoppedBy } from './stopped-by.ts'
import { writeStream } from './stream-writer.ts'

export interface ResponderOptions {
  readonly codec: Codec
  readonly procedures: ProcedureTable
  /** Calls that may run at once; a cancelled one counts until its handler has ended. */
  readonly maxCalls: number
  /** For calls that don't say: what the other end said in its greeting. */
  readonly timeoutMs: number
  /** What runs calls with an idempotency key, in the caller's scope. Without it a key is only handed to the procedure. */
  readonly keyed?: { readonly scope: string; readonly runs: RunOnce } | undefined
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
  /** Its context is what handlers of calls opened from now on get as `ctx`. */
  readonly connection: { context: unknown } = { context: undefined }
  readonly #outlet: Outlet
  readonly #options: ResponderOptions
  readonly #answers: AnswerWriter
  readonly #calls = new Map<number, IncomingCall>()
  readonly #loadingCalls = new Set<number>()
  readonly #ids: CallIds

  /** `parity` is that of the ids which the other end opens. */
  constructor(outlet: Outlet, parity: 'odd' | 'even', options: ResponderOptions) {
    this.#outlet = outlet
    this.#options = options
    this.#answers = new AnswerWriter(outlet, options.codec)
    this.#ids = new CallIds(parity)
  }

  /** Calls whose handler hasn't ended. */
  get size(): number {
    return this.#calls.size
  }

  /** @throws ProtocolError `BAD_FRAME` for an id that isn't the opener's, or was used before. */
  open(id: number, path: string, input: unknown, fields: CallFields | undefined): void {
    this.#ids.use(id)
    const found = this.#options.procedures.find(path)
    if (!(found instanceof Promise)) return this.#start(id, path, found, input, fields)
    this.#loadingCalls.add(id)
    found.then(
      (endpoint) => this.#loadingCalls.delete(id) && this.#start(id, path, endpoint, input, fields),
      (reason) => this.#loadingCalls.delete(id) && this.#refuse(id, path, undefined, reason),
    )
  }

  /** The caller is gone from this call. An unknown id is one that has ended meanwhile. */
  cancel(id: number): void {
    const reason = new HotlineError('CANCELLED', undefined)
    if (this.#loadingCalls.delete(id)) this.#answers.error(id, reason, undefined)
    else this.#calls.get(id)?.abort(reason)
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
    if (this.#answers.hasEnded) return
    this.#answers.end()
    this.#loadingCalls.clear()
    for (const call of this.#calls.values()) call.abort(reason)
  }

  #start(
    id: number,
    path: string,
    endpoint: Endpoint | undefined,
    input: unknown,
    fields: CallFields | undefined,
  ): void {
    if (endpoint === undefined) return this.#refuse(id, path, undefined, notFound(path))
    const { definition } = endpoint
    const keyed = fields?.idempotencyKey === undefined ? undefined : this.#options.keyed
    if (keyed === undefined && (fields?.again ?? 0) > 0 && !mayRunAgain(definition)) {
      return this.#answers.error(id, new HotlineError('OUTCOME_UNKNOWN', undefined, { mayHaveRun: true }), undefined)
    }
    if (this.#calls.size >= this.#options.maxCalls) return this.#refuse(id, path, definition, tooMany(this.#calls.size))
    let value: unknown
    try {
      value = this.#options.codec.decode(input, fields?.meta)
    } catch (cause) {
      return this.#refuse(id, path, definition, undecodable(path, cause))
    }
    const invocation = new Invocation(endpoint, value, this.connection, carried(fields))
    if (keyed === undefined) return this.#run(id, invocation, fields)
    const call = this.#add(id, new Invocation(endpoint, undefined, this.connection, NOTHING_CARRIED), fields)
    keyed.runs.join({
      key: { scope: keyed.scope, path, key: invocation.idempotencyKey ?? '' },
      invocation,
      isAgain: (fields?.again ?? 0) > 0,
      encoded: [input, fields?.meta],
      // What runs may be another call's: this one only waits, and its signal says that it waits no more.
      signal: call.invocation.signal,
      report: this.#options.report,
      answer: (text) => this.#answerKeyed(id, text),
    })
  }

  #run(id: number, invocation: Invocation, fields: CallFields | undefined): void {
    const isStream = invocation.endpoint.definition.kind === 'subscription'
    let returned: unknown
    try {
      returned = invoke(invocation)
      // A handler that answers at once leaves nothing behind.
      if (!isStream && !isThenable(returned)) return this.#answers.result(id, returned, undefined)
    } catch (thrown) {
      return this.#fail(id, invocation, thrown, undefined)
    }
    const call = this.#add(id, invocation, fields)
    if (!isThenable(returned)) return this.#accept(call, returned)
    returned.then(
      (value) => (isStream ? this.#accept(call, value) : this.#end(call, value)),
      (thrown) => this.#failed(call, thrown),
    )
  }

  #add(id: number, invocation: Invocation, fields: CallFields | undefined): IncomingCall {
    const call = new IncomingCall(id, invocation, this.#outlet.now() + (fields?.timeoutMs ?? this.#options.timeoutMs))
    this.#calls.set(id, call)
    this.#outlet.wakeAt(call.deadline)
    return call
  }

  #answerKeyed(id: number, text: string): void {
    this.#calls.delete(id)
    if (this.#answers.hasEnded) return
    if (this.#outlet.isFull && text.startsWith('["result"')) {
      return this.#answers.error(id, new HotlineError('RESULT_DROPPED', undefined, { mayHaveRun: true }), undefined)
    }
    this.#outlet.outbox.pushCall(withId(text, id))
    this.#outlet.flushSoon()
  }

  #accept(call: IncomingCall, iterable: unknown): void {
    call.deadline = Number.POSITIVE_INFINITY
    this.#answers.accepted(call.id)
    // `invoke` gives nothing else for a subscription.
    writeStream(call, iterable as AsyncIterable<unknown>, this.#answers).then(
      (value) =>
        call.invocation.isAborted ? this.#failed(call, call.invocation.signal.reason) : this.#end(call, value),
      (thrown) => this.#failed(call, thrown),
    )
  }

  #end(call: IncomingCall, value: unknown): void {
    try {
      this.#answers.result(call.id, value, call.lane)
    } catch (thrown) {
      return this.#failed(call, thrown)
    }
    this.#calls.delete(call.id)
  }

  #failed(call: IncomingCall, thrown: unknown): void {
    this.#calls.delete(call.id)
    const stop = stoppedBy(call.invocation, thrown)
    if (stop !== undefined) return this.#answers.error(call.id, stop, call.lane)
    this.#fail(call.id, call.invocation, thrown, call.lane)
  }

  #fail(id: number, { endpoint, hasBegun }: Invocation, thrown: unknown, lane: IncomingCall['lane']): void {
    const { path, definition } = endpoint
    this.#answerFailure({ id, path, definition, mayHaveRun: hasBegun, thrown, lane })
  }

  #refuse(id: number, path: string, definition: Definition | undefined, thrown: unknown): void {
    this.#answerFailure({ id, path, definition, mayHaveRun: false, thrown, lane: undefined })
  }

  #answerFailure({ id, path, definition, mayHaveRun, thrown, lane }: Failed): void {
    const { error, unexpected } = toFailure(thrown, { definition, mayHaveRun, newId: this.#options.newId })
    if (unexpected !== undefined && !this.#answers.hasEnded) this.#options.report({ path, ...unexpected })
    this.#answers.error(id, error, lane)
  }
}

interface Failed {
  readonly id: number
  readonly path: string
  readonly definition: Definition | undefined
  readonly mayHaveRun: boolean
  readonly thrown: unknown
  readonly lane: IncomingCall['lane']
}

function notFound(path: string): HotlineError {
  const message = `There is no procedure "${path}": check its path, and that the server is up to date.`
  return new HotlineError('NOT_FOUND', undefined, { message })
}

function tooMany(running: number): HotlineError {
  const message = `${running} calls are running on this connection, its limit: let some end first.`
  return new HotlineError('TOO_MANY_CALLS', undefined, { message })
}

function undecodable(path: string, cause: unknown): HotlineError {
  const message = `The input of "${path}" could not be decoded: use the same codec on both ends.`
  return new HotlineError('BAD_INPUT', { issues: [] }, { message, cause })
}

function carried(fields: CallFields | undefined): Carried {
  if (fields === undefined) return NOTHING_CARRIED
  const { headers = NOTHING_CARRIED.headers, lastEventId, idempotencyKey } = fields
  return { ...NOTHING_CARRIED, headers, lastEventId, idempotencyKey }
}

function isThenable(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
