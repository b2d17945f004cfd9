import type { Network } from './network.ts'
import type { Random } from './random.ts'
import { SimulatedEnvironment } from './simulated-environment.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { WireCheck } from './wire-check.ts'

/** Where a thief is at work. */
interface Street {
  readonly clock: VirtualClock
  readonly random: Random
  readonly network: Network
  readonly wire: WireCheck
}

/** Higher than any attempt of an honest client. */
const GENERATION = 1_000_000

/** A thief gives up a connection that nobody closes. */
const PATIENCE_MS = 5_000

/**
 * Somebody has read a session's secrets off the wire and asks for it: with a secret that has been replaced, as whom it
 * belongs to; or with the right one, as somebody else. Either must be refused, and the session must not notice.
 */
export function steal(process: number, { clock, random, network, wire }: Street): void {
  const loot = wire.lootOf(process)
  const found = loot[random.integer(0, Math.max(0, loot.length - 1))]
  if (found === undefined) return
  const { session, secret, outdated, principal } = found
  const asOwner = random.chance(0.5)
  const credentials = asOwner ? { auth: principal, secret: outdated } : { auth: 'a thief', secret }
  const resume = { version: 1, session, generation: GENERATION, received: 0, ...credentials }
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
        clock.schedule(() => socket.close(1000, ''), PATIENCE_MS)
      },
      message() {},
      closed() {},
    },
    `process ${process}`,
  )
}
