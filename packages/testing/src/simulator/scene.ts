import type { Fleet } from './fleet.ts'
import type { History } from './history.ts'
import type { Network } from './network.ts'
import type { Random } from './random.ts'
import type { SimulatedClient } from './simulated-client.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { WireCheck } from './wire-check.ts'

/** What a disturbance may do something to. */
export interface Scene {
  readonly clock: VirtualClock
  readonly history: History
  readonly random: Random
  readonly network: Network
  readonly fleet: Fleet
  readonly wire: WireCheck
  readonly clients: readonly SimulatedClient[]
  readonly trace: ((line: string) => void) | undefined
}

/** One of them; `undefined` where there is none. */
export function someOf<Entry>(random: Random, entries: readonly Entry[]): Entry | undefined {
  return entries[random.integer(0, Math.max(0, entries.length - 1))]
}
