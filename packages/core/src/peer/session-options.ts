import type { Alarms } from '../session/alarms.ts'
import type { Environment } from '../session/environment.ts'
import type { LivenessOptions } from '../session/liveness.ts'
import type { HeldFrames } from './held-frames.ts'
import type { Outlet } from './outlet.ts'
import type { Peer } from './peer.ts'

/** What a session tells the driver that holds it. */
export interface SessionHooks {
  /** Something waits to be sent, and there is no socket. */
  wantSocket(): void
  /** The peer was silent too long, or the socket refused a frame: the driver must give the socket up. */
  lostSocket(reason: string): void
  /** So much is kept for the peer that its session must end. */
  tooSlow(reason: string): void
  /** The peer has acknowledged something, or the line has stood for a while: what came before no longer counts. */
  progressed(): void
}

export interface SessionOptions<Sides extends Peer = Peer> {
  readonly environment: Environment
  readonly alarms: Alarms
  readonly liveness: LivenessOptions
  readonly hooks: SessionHooks
  /** Where frames wait while much is kept for the peer: one end of a session may have that. Without it none does. */
  readonly held?: HeldFrames | undefined
  /** Makes the two sides of the calls; it may not call back into the session yet. */
  makePeer(outlet: Outlet): Sides
}
