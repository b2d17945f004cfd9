// Inputs from seeds that no correct peer sends, into real ends without a network.

export type { Input } from './fuzz/input.ts'
export { type Crash, Round, type RoundOptions, type RoundReport } from './fuzz/round.ts'
export { type Block, type FuzzOptions, MAX_BLOCK_MS, MAX_GROWN_BYTES, runFuzz, type Summary } from './fuzz/run-fuzz.ts'
export { runRound } from './fuzz/run-round.ts'
export type { Target } from './fuzz/target.ts'
export { TARGETS } from './fuzz/targets.ts'
