import type { CallFields, ItemFields } from '../protocol/message.ts'
import type { Attachments } from '../protocol/packed.ts'
import type { StreamStats } from './stream-stats.ts'

/** The calls that the other end has open, as far as their session asks for them. */
export interface OpenCalls {
  /** Characters of the messages that opened them. */
  readonly inputs: number
  /** The streams of both directions on them. */
  streamStats(): Iterable<StreamStats>
  /** @throws ProtocolError `BAD_FRAME` for a call that takes no items, or none without credit. */
  onItem(id: number, size: number, value: unknown, fields: ItemFields | undefined, attachments?: Attachments): void
  /** @throws ProtocolError `BAD_FRAME` for a call that takes no items. */
  onEnd(id: number): void
  /**
   * Gives whether an item earned it, or may have.
   * @throws ProtocolError `BAD_FRAME` for a call that isn't an accepted stream.
   */
  onCredit(id: number, size: number): boolean
}

/** What answers the calls that the other end opens, within one session: `Responder` runs procedures, `NoProcedures` has none. */
export interface Answering {
  /** Takes what the other end says of the items of its calls. */
  readonly calls: OpenCalls
  /** Calls whose handler hasn't ended. */
  readonly size: number
  /** @throws ProtocolError `BAD_FRAME` for an id that isn't the opener's, or was used before. */
  open(id: number, path: string, value: unknown, fields?: CallFields, attachments?: Attachments): void
  /** The caller is gone from this call. */
  cancel(id: number): void
  /** Aborts handlers whose caller's time is up. Gives the next time to look, at the latest. */
  sweep(now: number): number
  /** The session is over: every handler's signal aborts, and nothing is answered any more. */
  end(reason: string): void
}
