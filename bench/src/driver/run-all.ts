import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CONTENDERS, type ContenderName, YARDSTICK } from '../contenders/contenders.ts'
import { type Failed, type Figures, figuresOf } from '../figures.ts'
import type { ContenderRow, Results } from '../results.ts'
import type { TypeFigures } from '../types/type-figures.ts'
import { compareValues } from '../values/compare-values.ts'
import { GROWTH, GROWTH_NAMES } from '../workloads/growth.ts'
import { IDLE, pointName, TABLE_NAMES, workloadOf } from '../workloads/workloads.ts'
import type { BenchOptions } from './bench-options.ts'
import { versionOf } from './install-peers.ts'
import { report, reportIdle } from './report.ts'
import { reportProfiles } from './report-profiles.ts'
import { type IdleFigures, runIdle } from './run-idle.ts'
import { runWorkload } from './run-workload.ts'

/** Runs all sections that are wanted and prints what each found as soon as it is there. */
export async function runAll(options: BenchOptions): Promise<Omit<Results, 'machine'>> {
  const isWanted = (section: string) => options.sections.includes(section)
  const workloads: Record<string, Record<string, Figures | Failed>> = {}
  for (const name of TABLE_NAMES.filter(isWanted)) workloads[name] = await runOne(name, options)
  const idle = isWanted(IDLE) ? await idleOfAll(options) : {}
  // Each point is a workload of its own; its curve needs no more than a few rounds.
  const few = { ...options, rounds: Math.min(options.rounds, 3) }
  for (const growth of GROWTH_NAMES.filter(isWanted))
    for (const point of GROWTH[growth].points.filter((size) => size <= options.most)) {
      const name = pointName(growth, point)
      workloads[name] = await runOne(name, few)
    }
  const values = isWanted('values') ? compareValues(options.rounds * 3) : []
  for (const { title, json, hotline, ratio } of values)
    console.log(`  ${title}: JSON ${json} µs, Hotline ${hotline} µs, x JSON ${ratio}`)
  const types = isWanted('types') ? countTypes() : []
  return { contenders: options.contenders.map(rowOf), workloads, idle, values, types }
}

async function runOne(name: string, options: BenchOptions): Promise<Record<string, Figures | Failed>> {
  const runs = await runWorkload(name, options)
  const yardstick = runs.get(YARDSTICK)?.rounds ?? []
  const figures = Object.fromEntries([...runs].map(([contender, run]) => [contender, figuresOf(run, yardstick)]))
  console.log(report(workloadOf(name), figures))
  if (options.profileTo !== undefined) console.log(await reportProfiles(options.profileTo, name, options.contenders))
  return figures
}

async function idleOfAll({ contenders, rounds }: BenchOptions): Promise<Record<string, IdleFigures | Failed>> {
  const figures: Record<string, IdleFigures | Failed> = {}
  // Memory is steadier than time.
  const few = Math.ceil(rounds / 3)
  for (const name of contenders) figures[name] = await runIdle(name, few).catch((error) => ({ failed: String(error) }))
  console.log(reportIdle(workloadOf(IDLE).title, figures))
  return figures
}

/** In a process of its own: the compiler takes half a gigabyte. */
function countTypes(): readonly TypeFigures[] {
  const { status, stdout } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('count-types.js', import.meta.url)), '500', '2000'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error('The types could not be counted.')
  console.log(stdout)
  // It prints nothing else.
  return JSON.parse(stdout) as readonly TypeFigures[]
}

function rowOf(name: ContenderName): ContenderRow {
  const { title, npm } = CONTENDERS[name]
  return { name, title, version: npm === undefined ? 'this repository' : versionOf(npm) }
}
