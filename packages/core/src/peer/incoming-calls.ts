import { HotlineError } from '../contract/hotline-error.ts'
import type { ItemFields } from '../protocol/message.ts'
import type { Attachments } from '../protocol/packed.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { CallIds } from './call-ids.ts'
import type { IncomingCall } from './incoming-call.ts'
import type { StreamStats } from './stream-stats.ts'

/** The calls that the other end has open, by id, and what it says of the items of both directions. */
export class IncomingCalls {
  /** Ids of calls whose procedure is being loaded. */
  readonly loading = new Set<number>()
  readonly #calls = new Map<number, IncomingCall>()
  readonly #ids: CallIds
  #streams = 0

  constructor(parity: 'odd' | 'even') {
    this.#ids = new CallIds(parity)
  }

  get size(): number {
    return this.#calls.size
  }

  /** How many of them are subscriptions. */
  get streams(): number {
    return this.#streams
  }

  get(id: number): IncomingCall | undefined {
    return this.#calls.get(id)
  }

  values(): IterableIterator<IncomingCall> {
    return this.#calls.values()
  }

  /** The streams of both directions on them. */
  *streamStats(): IterableIterator<StreamStats> {
    for (const { invocation, flow, items } of this.#calls.values()) {
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
    this.#calls.set(call.id, call)
    if (call.isStream) this.#streams++
  }

  /** The call has ended: what still comes for it is dropped. */
  delete(call: IncomingCall): void {
    if (!this.#calls.delete(call.id)) return
    if (call.isStream) this.#streams--
    call.items?.fail(
      new HotlineError('CANCELLED', undefined, { message: 'The call has ended, and with it its items.' }),
    )
  }

  /** @throws ProtocolError `BAD_FRAME` for a call that takes no items, or none without credit. */
  onItem(id: number, size: number, value: unknown, fields: ItemFields | undefined, attachments?: Attachments): void {
    const call = this.#running('item', id)
    if (call?.items === undefined) return refuse('item', call)
    call.items.push(size, value, fields?.meta, attachments)
  }

  /** @throws ProtocolError `BAD_FRAME` for a call that takes no items. */
  onEnd(id: number): void {
    const call = this.#running('end', id)
    if (call?.items === undefined) return refuse('end', call)
    call.items.end()
  }

  /** @throws ProtocolError `BAD_FRAME` for a call that isn't an accepted stream. */
  onCredit(id: number, size: number): void {
    const call = this.#running('credit', id)
    if (call?.flow === undefined) return refuse('credit', call)
    call.flow.granted(id, size)
  }

  /** `undefined` for a call that has ended: its last word may have crossed what the opener said. */
  #running(word: string, id: number): IncomingCall | undefined {
    const call = this.#calls.get(id)
    if (call !== undefined) return call
    if (this.#ids.wasUsed(id) && !this.loading.has(id)) return undefined
    throw new ProtocolError('BAD_FRAME', `Message "${word}" is for call ${id}: expected one that has begun.`)
  }
}

function refuse(word: string, call: IncomingCall | undefined): void {
  if (call === undefined) return
  const wanted = word === 'credit' ? 'one that is a stream' : 'one that takes items'
  throw new ProtocolError('BAD_FRAME', `Message "${word}" is for call ${call.id}: expected ${wanted}.`)
}
