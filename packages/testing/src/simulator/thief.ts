import type { Network } from './network.ts'
import type { Random } from './random.ts'
import { SimulatedEnvironment } from './simulated-environment.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { WireCheck } from './wire-check.ts'
import type { Loot } from './wire-session.ts'

/** Where a thief is at work. */
interface Street {
  readonly clock: VirtualClock
  readonly random: Random
  readonly network: Network
  readonly wire: WireCheck
}

/** A thief gives up a connection that nobody closes. */
const PATIENCE_MS = 5_000

type Forgery = (loot: Loot & { readonly principal: string }) => {
  readonly auth: string
  readonly secret: string
  readonly generation: number
}

/** Each has one thing wrong. */
const FORGERIES: readonly [Forgery, ...Forgery[]] = [
  ({ principal, outdated, generation }) => ({ auth: principal, secret: outdated, generation: generation + 1_000 }),
  ({ secret, generation }) => ({ auth: 'a thief', secret, generation: generation + 1_000 }),
  ({ principal, secret, generation }) => ({ auth: principal, secret, generation }),
]

/**
 * Somebody has read a session's secrets off the wire and asks for it: with a secret that has been replaced, as somebody
 * else, or again. Each must be refused, and the session must not notice.
 */
export function steal(process: number, { clock, random, network, wire }: Street): void {
  const loot = wire.lootOf(process)
  const found = loot[random.integer(0, Math.max(0, loot.length - 1))]
  if (found === undefined) return
  const { session, received } = found
  const resume = { version: 1, session, received, ...random.pick(FORGERIES)(found) }
  const visitor = { name: 'a thief', environment: new SimulatedEnvironment(clock, random.fork(), 'turn') }
  const socket = network.open(
    visitor,
    {
      opened() {
        try {
          socket.send(JSON.stringify(['resume', resume]))
        } catch {
          // Even thieves have bad weather.
        }
      },
      message() {},
      closed() {},
    },
    `process ${process}`,
  )
  clock.schedule(() => socket.close(1000, ''), PATIENCE_MS)
}
