import { runSeed } from './run-seed.ts'
import type { SeedReport } from './simulation.ts'
import type { SimulationOptions } from './simulation-options.ts'

/** What many runs have shown. */
export interface Summary {
  readonly seeds: number
  readonly sessions: number
  readonly cuts: number
  readonly operations: number
  readonly frames: number
  /** The reports of the runs in which a rule was broken. */
  readonly failures: readonly SeedReport[]
}

export interface SeedRange {
  readonly from: number
  readonly count: number
}

/** Runs that take turns: enough to share the price of a turn of the event loop, few enough to die young in the heap. */
const AT_ONCE = 8

/** Runs a range of seeds. The command that replays one of them alone is `npm run chaos -- --seed <seed>`. */
export async function runSeeds({ from, count }: SeedRange, options: SimulationOptions = {}): Promise<Summary> {
  let summary: Summary = { seeds: 0, sessions: 0, cuts: 0, operations: 0, frames: 0, failures: [] }
  for (let seed = from; seed < from + count; seed += AT_ONCE) {
    const seeds = Array.from({ length: Math.min(AT_ONCE, from + count - seed) }, (_, index) => seed + index)
    for (const report of await runTogether(seeds, options)) summary = add(summary, report)
  }
  return summary
}

/** Whose promise was left unhandled can't be told when it happens, so then each of them runs alone. */
async function runTogether(seeds: readonly number[], options: SimulationOptions): Promise<readonly SeedReport[]> {
  const [reports, rejections] = await listening(() => Promise.all(seeds.map((seed) => runSeed(seed, options))))
  if (rejections.length === 0) return reports
  const alone: SeedReport[] = []
  for (const seed of seeds) {
    const [report, own] = await listening(() => runSeed(seed, options))
    alone.push({ ...report, violations: [...report.violations, ...own] })
  }
  return alone
}

async function listening<Result>(run: () => Promise<Result>): Promise<[Result, readonly string[]]> {
  const rejections: string[] = []
  const listener = (reason: unknown) => {
    rejections.push(`unhandled: ${reason instanceof Error ? reason.stack : String(reason)}`)
  }
  process.on('unhandledRejection', listener)
  const result = await run()
  await new Promise(setImmediate)
  process.off('unhandledRejection', listener)
  return [result, rejections]
}

function add(summary: Summary, report: SeedReport): Summary {
  return {
    seeds: summary.seeds + 1,
    sessions: summary.sessions + report.sessions,
    cuts: summary.cuts + report.cuts,
    operations: summary.operations + report.operations,
    frames: summary.frames + report.frames,
    failures: report.violations.length === 0 ? summary.failures : [...summary.failures, report],
  }
}
