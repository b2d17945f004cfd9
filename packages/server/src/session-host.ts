import type { Alarms, Hello, ProcedureTable } from '@hotline/core/internal'
import type { ServerFailure, Settings } from './options.ts'

/** What sessions need of the server that has them. */
export interface SessionHost {
  readonly settings: Settings
  readonly procedures: ProcedureTable
  readonly alarms: Alarms
  /** Tells the application of something that clients don't see the reason of. */
  report(failure: ServerFailure): void
}

/** Whose session it is. */
export interface SessionOwner {
  readonly hello: Hello
  readonly principal: string | undefined
  /** The client's nonce, hashed: a `hello` that comes again finds the session that its lost `welcome` spoke of. */
  readonly nonceKey: string
}
