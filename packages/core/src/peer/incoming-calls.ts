import { HotlineError } from '../contract/hotline-error.ts'
import type { Invocation } from '../contract/invocation.ts'
import type { ItemFields } from '../protocol/message.ts'
import type { Attachments } from '../protocol/packed.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { Holdings } from '../session/holdings.ts'
import type { OpenCalls } from './answering.ts'
import { CallIds, notBegun } from './call-ids.ts'
import type { IncomingCall } from './incoming-call.ts'
import { sessionLost } from './refusals.ts'
import type { StreamStats } from './stream-stats.ts'

const NONE: ReadonlyMap<number, IncomingCall> = new Map()

/** The calls that the other end has open, by id, and what it says of the items of both directions. */
export class IncomingCalls implements OpenCalls {
  /** Ids of calls whose procedure is being loaded, with the sizes of their messages. Made by the first. */
  #loading: Map<number, number> | undefined
  /** Made by the first call that isn't answered at once. */
  #calls: Map<number, IncomingCall> | undefined
  /** What is being begun: most end at once and are never among the others, but what it does first may end them all. */
  beginning: Invocation | undefined
  readonly #ids: CallIds
  /** Where what is kept for them is added up. */
  readonly holdings: Holdings
  #streams = 0
  #inputs = 0

  constructor(parity: 'odd' | 'even', holdings: Holdings = new Holdings()) {
    this.#ids = new CallIds(parity)
    this.holdings = holdings
  }

  /** Those whose procedure is being loaded included. */
  get size(): number {
    return (this.#calls?.size ?? 0) + (this.#loading?.size ?? 0)
  }

  get inputs(): number {
    return this.#inputs
  }

  /** How many of them are subscriptions. */
  get streams(): number {
    return this.#streams
  }

  get(id: number): IncomingCall | undefined {
    return this.#calls?.get(id)
  }

  values(): IterableIterator<IncomingCall> {
    return (this.#calls ?? NONE).values()
  }

  *streamStats(): IterableIterator<StreamStats> {
    for (const { invocation, flow, items } of this.values()) {
      const { path } = invocation
      if (flow !== undefined) yield { path, direction: 'out', size: flow.lane.characters }
      if (items !== undefined) yield { path, direction: 'in', size: items.unread }
    }
  }

  /** @throws ProtocolError `BAD_FRAME` for an id that isn't the opener's, or was used before. */
  use(id: number): void {
    this.#ids.use(id)
  }

  add(call: IncomingCall): void {
    this.#calls ??= new Map()
    this.#calls.set(call.id, call)
    this.#hold(call.size)
    if (call.isStream) this.#streams++
  }

  /** The call that is being handed over waits for its procedure. */
  load(id: number): void {
    const { messageSize } = this.holdings
    this.#loading ??= new Map()
    this.#loading.set(id, messageSize)
    this.#hold(messageSize)
  }

  /** Whether the call still waited for its procedure. It doesn't any more: it is handed over as if it came now. */
  loaded(id: number): boolean {
    const size = this.#loading?.get(id)
    if (size === undefined) return false
    this.#loading?.delete(id)
    this.#hold(-size)
    this.holdings.messageSize = size
    return true
  }

  /** Their session is over: every signal aborts, and nobody waits for the procedures that are being loaded. */
  endAll(reason: string): void {
    for (const id of [...(this.#loading?.keys() ?? [])]) this.loaded(id)
    // Most end with nothing under way, and an error takes its time to look at the stack.
    if ((this.#calls?.size ?? 0) === 0 && this.beginning === undefined) return
    const lost = sessionLost(reason)
    this.beginning?.abort(lost)
    for (const call of this.values()) call.abort(lost)
  }

  /** Its caller or its handler has done something with its items. An accepted stream has no deadline. */
  progressed(id: number, now: number): void {
    const call = this.#calls?.get(id)
    if (call?.flow === undefined) call?.progressed(now)
  }

  /** Aborts handlers whose caller's time is up. Gives the next time to look, at the latest. */
  sweep(now: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const call of this.values()) {
      // A handler that takes its time with the items that are there keeps its caller waiting on purpose.
      if (call.deadline <= now && call.items?.reader.hasUnread === true) call.progressed(now)
      if (call.deadline > now) next = Math.min(next, call.deadline)
      else call.abort(new HotlineError('TIMEOUT', undefined))
    }
    return next
  }

  /** The call has ended: what still comes for it is dropped. */
  delete(call: IncomingCall): void {
    if (this.#calls?.delete(call.id) !== true) return
    this.#hold(-call.size)
    if (call.isStream) this.#streams--
    call.items?.fail(
      new HotlineError('CANCELLED', undefined, { message: 'The call has ended, and with it its items.' }),
    )
  }

  onItem(id: number, size: number, value: unknown, fields: ItemFields | undefined, attachments?: Attachments): void {
    const call = this.#running('item', id)
    if (call?.items === undefined) return refuse('item', call)
    call.items.push(size, value, fields?.meta, attachments)
  }

  onEnd(id: number): void {
    const call = this.#running('end', id)
    if (call?.items === undefined) return refuse('end', call)
    call.items.end()
  }

  onCredit(id: number, size: number): boolean {
    const call = this.#running('credit', id)
    if (call?.flow !== undefined) return call.flow.granted(id, size)
    refuse('credit', call)
    return true
  }

  #hold(size: number): void {
    this.#inputs += size
    this.holdings.add(size)
  }

  /** `undefined` for a call that has ended: its last word may have crossed what the opener said. */
  #running(word: string, id: number): IncomingCall | undefined {
    const call = this.#calls?.get(id)
    if (call !== undefined) return call
    if (this.#loading?.has(id) === true) throw notBegun(id, word)
    this.#ids.checkUsed(id, word)
    return undefined
  }
}

function refuse(word: string, call: IncomingCall | undefined): void {
  if (call === undefined) return
  const wanted = word === 'credit' ? 'one that is a stream' : 'one that takes items'
  throw new ProtocolError('BAD_FRAME', `Message "${word}" is for call ${call.id}: expected ${wanted}.`)
}
