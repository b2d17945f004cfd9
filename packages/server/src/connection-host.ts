import type { IncomingMessage } from 'node:http'
import type { GoAway, Greeting, Socket } from '@hotline/core/internal'
import type { Carrier } from './carrier.ts'
import type { Gate } from './gate/gate.ts'
import type { Visitor } from './gate/visitor.ts'
import type { Identity } from './identity.ts'
import type { NewRefusal } from './refusals.ts'
import type { SessionHost } from './session-host.ts'
import type { SessionRegistry } from './session-registry.ts'

/** What a connection begins with. */
export interface Opening {
  readonly socket: Socket
  readonly request: IncomingMessage
  readonly visitor: Visitor
}

/** What all connections of a server share. */
export interface ConnectionHost extends SessionHost {
  readonly contract: string
  readonly sessions: SessionRegistry
  /** Counts those whom nobody has vouched for. */
  readonly gate: Gate
  /** What clients are told that the server will end, `undefined` while it won't: each a delay of its own. */
  goAway(): GoAway | undefined
  /** Why a greeting isn't looked at further: its principal was revoked, too many resumes of `claimant` failed, or there shall be no new session. */
  refuses(greeting: Greeting, identity: Identity, claimant: string | undefined): NewRefusal | undefined
  /** A connection was closed since too much came of it. */
  flooded(): void
  /** The connection is over; it will never need the host again. */
  closed(connection: Carrier): void
}
