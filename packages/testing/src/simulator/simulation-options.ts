import type { Socket } from '@hotline/core/internal'
import type { SimulatedEnvironment } from './simulated-environment.ts'
import type { Side } from './watcher.ts'

/** Puts something between a machine and its socket: how a test breaks a rule on purpose. */
export type SocketWrap = (socket: Socket, side: Side, environment: SimulatedEnvironment) => Socket

/** What the code under test promises, and the run therefore asks of it. */
export interface Promises {
  /**
   * Whether a session goes on over a new connection. Then only the end of a server's process may lose calls or events;
   * without it, each end of a connection may.
   */
  readonly sessionsSurviveCuts: boolean
}

export interface SimulationOptions {
  readonly promises?: Promises | undefined
  readonly wrap?: SocketWrap | undefined
  /** Gets each line of what happens, with its time. */
  readonly trace?: ((line: string) => void) | undefined
}

export const PROMISES: Promises = { sessionsSurviveCuts: true }
