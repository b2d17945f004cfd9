import type { ContenderName } from '../contenders/contenders.ts'
import type { Workload } from '../workloads/workload.ts'
import { workloadOf } from '../workloads/workloads.ts'
import { type Measured, Pair, type Peaks } from './pair.ts'
import { profilesOf } from './profiles.ts'

export interface RunOptions {
  readonly contenders: readonly ContenderName[]
  readonly rounds: number
  /** Times the workload's own number of operations in each round. */
  readonly scale: number
  readonly profileTo: string | undefined
}

/** What became of one contender at one workload. */
export interface Run {
  readonly rounds: Measured[]
  readonly peaks?: Peaks
  /** Why there are no figures. */
  readonly failure?: string
}

export type Runs = ReadonlyMap<ContenderName, Run>

/** Runs a workload: fresh processes for each contender, a round to warm up, then rounds in which they take turns. */
export async function runWorkload(name: string, options: RunOptions): Promise<Runs> {
  const workload = workloadOf(name)
  if (!workload.isApart) return runTogether(name, options)
  const runs = new Map<ContenderName, Run>()
  for (const contender of options.contenders) {
    for (const [_, run] of await runTogether(name, { ...options, contenders: [contender] })) runs.set(contender, run)
  }
  return runs
}

async function runTogether(name: string, options: RunOptions): Promise<Runs> {
  const operations = operationsOf(workloadOf(name), options.scale)
  const { profileTo } = options
  const pairs = options.contenders.map(
    (contender) => new Pair(contender, profileTo === undefined ? undefined : profilesOf(profileTo, name, contender)),
  )
  const runs = new Map<ContenderName, Run>(options.contenders.map((contender) => [contender, { rounds: [] }]))
  /** A contender that fails is out, and the others go on. */
  async function attempt(pair: Pair, step: () => Promise<void>): Promise<void> {
    if (runs.get(pair.contender)?.failure !== undefined) return
    try {
      await step()
    } catch (error) {
      runs.set(pair.contender, { rounds: [], failure: String(error) })
    }
  }
  try {
    for (const pair of pairs) await attempt(pair, () => pair.connect(name))
    for (const pair of pairs) await attempt(pair, () => pair.run(operations).then(() => {}))
    for (let round = 0; round < options.rounds; round++) {
      // Every other round the other way about: who comes first meets another machine.
      for (const pair of round % 2 === 0 ? pairs : pairs.toReversed())
        await attempt(pair, async () => void runs.get(pair.contender)?.rounds.push(await pair.run(operations)))
    }
    for (const pair of pairs)
      await attempt(pair, async () => {
        runs.set(pair.contender, { rounds: runs.get(pair.contender)?.rounds ?? [], peaks: await pair.peaks() })
      })
    return runs
  } finally {
    await Promise.all(pairs.map((pair) => pair.stop()))
  }
}

function operationsOf({ operations, grain = 1 }: Workload, scale: number): number {
  return Math.max(1, Math.round((operations * scale) / grain)) * grain
}
