import type { GoAway } from '@hotline/core/internal'
import type { Carrier, SessionHost } from './server-session.ts'
import type { SessionRegistry } from './session-registry.ts'

/** What all connections of a server share. */
export interface ConnectionHost extends SessionHost {
  readonly contract: string
  readonly sessions: SessionRegistry
  /** What clients are told that the server will end, `undefined` while it won't: each a delay of its own. */
  goAway(): GoAway | undefined
  /** The connection is over; it will never need the host again. */
  closed(connection: Carrier): void
}
