import { freezeClient, freezeServer, jumpClient, jumpServer } from './process-faults.ts'
import type { Random } from './random.ts'
import { type Scene, someOf } from './scene.ts'
import type { ServerProcess } from './server-process.ts'
import type { SimulatedClient } from './simulated-client.ts'
import { steal } from './thief.ts'
import type { Side } from './watcher.ts'

export type DisturbanceName = keyof typeof DISTURBANCES

/** What may happen to a run besides its weather, each with how likely it is. */
export const DISTURBANCES = {
  cut: { weight: 16, happen: ({ random, network }) => someOf(random, network.links)?.cut() },
  swallow: { weight: 8, happen: swallow },
  kill: { weight: 3, happen: (scene) => restart(scene, (process) => scene.fleet.kill(process)) },
  stop: { weight: 2, happen: (scene) => restart(scene, (process) => scene.fleet.stop(process)) },
  drain: { weight: 2, happen: drain },
  roll: { weight: 1, happen: roll },
  freezeClient: { weight: 2, happen: freezeClient },
  freezeServer: { weight: 2, happen: freezeServer },
  clientClock: { weight: 1, happen: jumpClient },
  serverClock: { weight: 1, happen: jumpServer },
  revoke: { weight: 1, happen: revoke },
  thief: { weight: 1, happen: thief },
  hurry: { weight: 2, happen: ({ random, clients }) => awake(random, clients, (client) => client.hurry()) },
  connect: { weight: 2, happen: ({ random, clients }) => awake(random, clients, (client) => client.connect()) },
  close: { weight: 2, happen: ({ random, clients }) => awake(random, clients, (client) => client.close()) },
} as const satisfies Record<string, { readonly weight: number; happen(scene: Scene): void }>

/** How often each happens, for `Random.weighted`. */
export const DISTURBANCE_WEIGHTS = Object.fromEntries(
  Object.entries(DISTURBANCES).map(([name, { weight }]) => [name, weight]),
) as Readonly<Record<DisturbanceName, number>> // the same names, one by one

/** A black hole: in one direction or both, for a while or for as long as the run has weather. */
function swallow({ clock, random, network }: Scene): void {
  const link = someOf(random, network.links)
  if (link === undefined) return
  const sides = random.pick<readonly Side[]>([['client'], ['server'], ['client', 'server']])
  for (const side of sides) link.hold(side)
  if (random.chance(0.5)) clock.schedule(() => link.release(), random.between(0, random.pick([2_000, 60_000])))
}

function restart(scene: Scene, end: (process: ServerProcess) => void): void {
  const { clock, random, fleet } = scene
  const process = someOf(random, fleet.listening)
  if (process === undefined) return
  end(process)
  clock.schedule(() => fleet.start(), random.between(0, random.pick([100, 10_000])))
}

/** A process goes away; the one that replaces it is there before, or after. */
function drain(scene: Scene): void {
  const process = someOf(scene.random, scene.fleet.listening)
  if (process !== undefined) void drainOne(scene, process)
}

async function drainOne({ clock, random, fleet }: Scene, process: ServerProcess): Promise<void> {
  const deadlineMs = random.pick([500, 5_000, 25_000])
  const gone = fleet.drain(process, random.next() * deadlineMs, deadlineMs)
  if (random.chance(0.7)) fleet.start()
  await gone
  clock.schedule(() => fleet.start(), random.between(0, 500))
}

/** A deploy: every process drains, one after the other. */
async function roll(scene: Scene): Promise<void> {
  for (const process of scene.fleet.listening) await drainOne(scene, process)
}

function thief(scene: Scene): void {
  const process = someOf(scene.random, scene.fleet.listening)
  if (process !== undefined) steal(process.number, scene)
}

/** Somebody is thrown out wherever they are. */
function revoke({ random, fleet, clients }: Scene): void {
  const principal = someOf(random, clients)?.principal
  if (principal === undefined) return
  for (const process of fleet.listening) process.environment.whenRunning(() => fleet.revoke(process, principal))
}

function awake(random: Random, clients: readonly SimulatedClient[], act: (client: SimulatedClient) => void): void {
  const client = someOf(random, clients)
  client?.environment.whenRunning(() => act(client))
}
