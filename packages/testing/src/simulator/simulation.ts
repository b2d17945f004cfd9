import { chooseAsk } from './ask.ts'
import { type Conditions, conditionsOf } from './conditions.ts'
import { DISTURBANCE_WEIGHTS, DISTURBANCES } from './disturbances.ts'
import { chooseFlow } from './flow.ts'
import { chooseOperation } from './operation.ts'
import { Random } from './random.ts'
import { someOf } from './scene.ts'
import type { SimulatedClient } from './simulated-client.ts'
import type { SimulationOptions } from './simulation-options.ts'
import { type Report, World } from './world.ts'

/** What the run of one seed has shown. */
export interface SeedReport extends Report {
  readonly seed: number
}

/** One run: some clients, some servers and a network, all chosen by a seed; first in bad weather, then in good. */
export async function simulate(seed: number, options: SimulationOptions): Promise<SeedReport> {
  const random = new Random(seed)
  const conditions = conditionsOf(random)
  const world = new World(random, conditions, options)
  const report = await world.finish(plan(world, random, conditions))
  return { seed, ...report }
}

/** Puts operations and disturbances on the clock. Gives the time when the weather clears up. */
function plan(world: World, random: Random, conditions: Conditions): number {
  const { clock, clients } = world
  const stormMs = random.pick([1_000, 10_000, 60_000])
  // Some server comes up only when its clients have called.
  clock.schedule(() => world.fleet.start(), random.chance(0.8) ? 0 : random.between(0, stormMs))
  for (let left = random.integer(1, 50); left > 0; ) {
    const at = random.between(0, stormMs)
    for (let burst = random.pick([1, 1, 5, 12]); burst > 0 && left > 0; burst--, left--) {
      const operation = chooseOperation(random, conditions)
      const client = random.pick(clients as [SimulatedClient, ...SimulatedClient[]]) // there is at least one
      clock.schedule(() => world.perform(operation, client), at)
    }
  }
  const { history, network, fleet, wire, trace } = world
  const scene = { random, clock, history, network, fleet, wire, clients, trace }
  for (let left = random.integer(0, 8); left > 0; left--) {
    const name = random.weighted(DISTURBANCE_WEIGHTS)
    clock.schedule(() => DISTURBANCES[name].happen(scene), random.between(0, stormMs))
  }
  for (let left = random.integer(0, 12); left > 0; left--) {
    const plan = chooseAsk(random)
    clock.schedule(
      () => {
        const process = someOf(random, fleet.listening)
        process?.environment.whenRunning(() => process.askSomebody(plan, random))
      },
      random.between(0, stormMs),
    )
  }
  for (let left = random.chance(FLOW_SHARE) ? random.integer(1, 3) : 0; left > 0; left--) {
    const flow = chooseFlow(random)
    const client = random.pick(clients as [SimulatedClient, ...SimulatedClient[]]) // there is at least one
    clock.schedule(() => world.performFlow(flow, client), random.between(0, stormMs))
  }
  return stormMs
}

/** Runs that have flows: each carries more than all their calls. */
const FLOW_SHARE = 0.25
