import type { Random } from './random.ts'
import { type Scene, someOf } from './scene.ts'

/** SIGSTOP, a blocked event loop, a closed lid: the process does nothing for a while, and its peer may give it up. */
export function freezeClient(scene: Scene): void {
  const client = someOf(scene.random, scene.clients)
  if (client === undefined) return
  const forMs = freezeMs(scene.random)
  client.environment.standStill(forMs)
  scene.trace?.(`${client.name} stands still for ${Math.round(forMs)} ms`)
  const from = scene.clock.now()
  scene.history.stops.push({ client: client.name, from, to: from + forMs })
  for (const link of scene.network.links) if (link.client === client.name) link.disturb('server')
}

export function freezeServer({ random, fleet, network, trace }: Scene): void {
  const process = someOf(random, fleet.listening)
  if (process === undefined) return
  const forMs = freezeMs(random)
  process.environment.standStill(forMs)
  trace?.(`${process.node} stands still for ${Math.round(forMs)} ms`)
  for (const link of network.links) if (link.process === process.number) link.disturb('client')
}

function freezeMs(random: Random): number {
  return random.between(0, random.pick([500, 10_000, 60_000]))
}

/** A closed lid, on a system whose clock goes on while timers stand: to that process it looks like its peer's silence. */
export function jumpClient({ clock, history, random, network, clients, trace }: Scene): void {
  const client = someOf(random, clients)
  if (client === undefined) return
  const byMs = jumpMs(random)
  client.environment.jump(byMs)
  trace?.(`the clock of ${client.name} jumps ${Math.round(byMs)} ms`)
  for (const link of network.links) if (link.client === client.name) link.disturb('client')
  history.jumps.push({ client: client.name, at: clock.now(), byMs })
}

export function jumpServer({ clock, history, random, network, fleet, trace }: Scene): void {
  const process = someOf(random, fleet.listening)
  if (process === undefined) return
  const byMs = jumpMs(random)
  process.environment.jump(byMs)
  trace?.(`the clock of ${process.node} jumps ${Math.round(byMs)} ms`)
  for (const link of network.links) if (link.process === process.number) link.disturb('server')
  history.serverJumps.push(clock.now())
}

function jumpMs(random: Random): number {
  return random.between(0, random.pick([1_000, 10_000, 200_000]))
}
