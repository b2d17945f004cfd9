import type { Alarms, ProcedureTable } from '@hotline/core/internal'
import type { Connection } from './connection.ts'
import type { ServerFailure, Settings } from './options.ts'
import type { SessionRegistry } from './session-registry.ts'

/** What all connections of a server share. */
export interface ConnectionHost {
  readonly settings: Settings
  readonly procedures: ProcedureTable
  readonly contract: string
  readonly alarms: Alarms
  readonly sessions: SessionRegistry
  /** Tells the application of something that clients don't see the reason of. */
  report(failure: ServerFailure): void
  /** The connection is over; it will never need the host again. */
  closed(connection: Connection): void
}
