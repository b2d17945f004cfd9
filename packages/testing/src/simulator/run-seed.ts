import { createHash } from 'node:crypto'
import { type SeedReport, simulate } from './simulation.ts'
import type { SimulationOptions } from './simulation-options.ts'

/** Runs one seed. The same seed gives the same run, to the last line of its trace, however many others run beside it. */
export function runSeed(seed: number, options: SimulationOptions = {}): Promise<SeedReport> {
  return simulate(seed, options)
}

/** The run's trace in one short word: two runs with the same one were the same. */
export async function traceHash(seed: number, options: Omit<SimulationOptions, 'trace'> = {}): Promise<string> {
  const hash = createHash('sha256')
  await runSeed(seed, { ...options, trace: (line) => hash.update(line) })
  return hash.digest('base64url')
}
