// Runs from seeds: both ends' real machines on a virtual clock and a network that misbehaves.

export { runSeed, traceHash } from './simulator/run-seed.ts'
export { runSeeds, type SeedRange, type Summary } from './simulator/run-seeds.ts'
export type { SeedReport } from './simulator/simulation.ts'
export type { SimulationOptions, SocketWrap } from './simulator/simulation-options.ts'
