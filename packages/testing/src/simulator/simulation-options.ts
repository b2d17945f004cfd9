import type { Socket } from '@hotline/core/internal'
import type { SimulatedEnvironment } from './simulated-environment.ts'
import type { Side } from './watcher.ts'

/** Puts something between a machine and its socket: how a test breaks a rule on purpose. */
export type SocketWrap = (socket: Socket, side: Side, environment: SimulatedEnvironment) => Socket

/** Asked with the text of each frame that is sent: whether the wire breaks before it arrives, or right behind it. */
export type Fault = (from: Side, frame: string) => 'before' | 'behind' | undefined

export interface SimulationOptions {
  readonly fault?: Fault | undefined
  readonly wrap?: SocketWrap | undefined
  /** Gets each line of what happens, with its time. */
  readonly trace?: ((line: string) => void) | undefined
}
