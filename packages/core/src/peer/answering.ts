import type { CallFields } from '../protocol/message.ts'
import type { Attachments } from '../protocol/packed.ts'
import type { IncomingCalls } from './incoming-calls.ts'

/** What answers the calls that the other end opens, within one session: `Responder` runs procedures, `NoProcedures` has none. */
export interface Answering {
  /** Takes what the other end says of the items of its calls. */
  readonly calls: IncomingCalls
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
