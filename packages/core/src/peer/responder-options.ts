import type { Codec } from '../codec/codec.ts'
import type { CallConnection } from '../contract/invocation.ts'
import type { ProcedureTable } from '../contract/procedure-table.ts'
import type { Floods } from '../session/floods.ts'
import type { Holdings } from '../session/holdings.ts'
import type { CallReport } from './answer-writer.ts'
import type { RunOnce } from './run-once.ts'

/** What handlers of calls opened from now on get as `ctx`, and all of them as `client`. */
export type ConnectionOfCalls = Omit<CallConnection, 'context'> & { context: unknown }

/** What answers calls is told once. */
export interface ResponderOptions {
  readonly codec: Codec
  /** What handlers see of the connection; one with nothing but a context without it. */
  readonly connection?: ConnectionOfCalls | undefined
  /** For development: `INTERNAL` shows what was thrown. */
  readonly exposesErrors?: boolean | undefined
  readonly procedures: ProcedureTable
  /** Calls that may run at once; a cancelled one counts until its handler has ended. */
  readonly maxCalls: number
  /** Subscriptions that may be open at once. */
  readonly maxStreams: number
  /** For calls that don't say: what the other end said in its greeting. */
  readonly timeoutMs: number
  /** What runs calls with an idempotency key, in the caller's scope. Without it a key is only handed to the procedure. */
  readonly keyed?: { readonly scope: string; readonly runs: RunOnce } | undefined
  /** What the other end may do how often; without it, anything. */
  readonly floods?: Floods | undefined
  /** Where what is kept from the other end is added up, if it is. */
  readonly holdings?: Holdings | undefined
  readonly newId: () => string
  /** Something was thrown that the caller sees only as `INTERNAL`. */
  report(report: CallReport): void
}
