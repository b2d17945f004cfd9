import type { Network } from './network.ts'
import type { Random } from './random.ts'
import type { SimulatedClient } from './simulated-client.ts'
import type { SimulatedServer } from './simulated-server.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { Side } from './watcher.ts'

/** What a disturbance may do something to. */
export interface Scene {
  readonly clock: VirtualClock
  readonly random: Random
  readonly network: Network
  readonly server: SimulatedServer
  readonly clients: readonly SimulatedClient[]
}

export type DisturbanceName = keyof typeof DISTURBANCES

/** What may happen to a run besides its weather, each with how likely it is. */
export const DISTURBANCES = {
  cut: { weight: 8, happen: ({ random, network }) => someLink(random, network)?.cut() },
  swallow: { weight: 4, happen: swallow },
  kill: { weight: 2, happen: (scene) => restart(scene, () => scene.server.kill()) },
  stop: { weight: 1, happen: (scene) => restart(scene, () => scene.server.stop()) },
  hurry: { weight: 1, happen: ({ random, clients }) => someone(random, clients)?.hurry() },
  connect: { weight: 1, happen: ({ random, clients }) => someone(random, clients)?.connect() },
  close: { weight: 1, happen: ({ random, clients }) => someone(random, clients)?.close() },
} as const satisfies Record<string, { readonly weight: number; happen(scene: Scene): void }>

/** How often each happens, for `Random.weighted`. */
export const DISTURBANCE_WEIGHTS = Object.fromEntries(
  Object.entries(DISTURBANCES).map(([name, { weight }]) => [name, weight]),
) as Readonly<Record<DisturbanceName, number>> // the same names, one by one

/** A black hole: in one direction or both, for a while or for as long as the run has weather. */
function swallow({ clock, random, network }: Scene): void {
  const link = someLink(random, network)
  if (link === undefined) return
  const sides = random.pick<readonly Side[]>([['client'], ['server'], ['client', 'server']])
  for (const side of sides) link.hold(side)
  if (random.chance(0.5)) clock.schedule(() => link.release(), random.between(0, random.pick([2_000, 60_000])))
}

function restart({ clock, random, server }: Scene, end: () => void): void {
  if (!server.isUp) return
  end()
  clock.schedule(() => server.start(), random.between(0, random.pick([100, 10_000])))
}

function someLink(random: Random, { links }: Network) {
  return links[random.integer(0, Math.max(0, links.length - 1))]
}

function someone(random: Random, clients: readonly SimulatedClient[]): SimulatedClient | undefined {
  return clients[random.integer(0, clients.length - 1)]
}
