import type { Socket } from '@hotline/core/internal'
import type { SimulatedEnvironment } from './simulated-environment.ts'
import type { Side } from './watcher.ts'

/** Puts something between a machine and its socket: how a test breaks a rule on purpose. */
export type SocketWrap = (socket: Socket, side: Side, environment: SimulatedEnvironment) => Socket

export interface SimulationOptions {
  readonly wrap?: SocketWrap | undefined
  /** Gets each line of what happens, with its time. */
  readonly trace?: ((line: string) => void) | undefined
}
