import { setTimeout as sleep } from 'node:timers/promises'
import type { Attack } from '../attack.ts'
import type { Outcome } from '../outcome.ts'
import type { AttackerCommands } from '../processes/attacker.ts'
import type { BystanderCommands } from '../processes/bystander.ts'
import type { ClientCommands } from '../processes/client.ts'
import type { ServerCommands } from '../processes/server.ts'
import { Child } from './child.ts'

export interface Run {
  /** A full attack is 1. */
  readonly scale: number
  /** A full wait for an end is 1. */
  readonly patience: number
  readonly isOff: boolean
  /** Limits that differ from the defaults, for a run that can't wait. */
  readonly limits: Readonly<Record<string, number>>
  readonly quietMs: number
  /** After this what was under way has come to its end. */
  readonly restMs: number
}

/** Makes one attack on a server of its own, with somebody harmless beside it. */
export async function runAttack(attack: Attack, run: Run): Promise<Outcome> {
  const server = new Child<ServerCommands>('server')
  const client = new Child<ClientCommands>('client')
  const attacker = new Child<AttackerCommands>('attacker')
  const bystander = new Child<BystanderCommands>('bystander')
  try {
    const off = run.isOff ? Object.fromEntries(attack.defences.map((name) => [name, Number.POSITIVE_INFINITY])) : {}
    const setup = { limits: { ...run.limits, ...off }, isProxied: attack.isProxied ?? false }
    const { port } = await server.ask('start', setup)
    await client.ask('start', { port })
    // Code is compiled by then.
    await sleep(run.quietMs / 2)
    await client.ask('service')
    await sleep(run.quietMs)
    const quiet = await client.ask('service')
    const before = await server.ask('memory')
    await server.ask('block')
    await bystander.ask('block')
    const { scale, patience } = run
    const { sockets, notes } = await attacker.ask('besiege', { name: attack.name, port, scale, patience })
    const height = await server.ask('memory')
    const { facts, ends } = await attacker.ask('finish')
    const [block, machine] = [await server.ask('block'), await bystander.ask('block')]
    const beside = await client.ask('service')
    await sleep(run.restMs)
    const load = await server.ask('load')
    return { sockets, notes, facts, ends, before, height, load, block, machine, quiet, beside }
  } finally {
    await Promise.all([attacker, client, bystander, server].map((child) => child.stop()))
  }
}
