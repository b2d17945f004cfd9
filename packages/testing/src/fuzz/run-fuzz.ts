import { shown } from './input.ts'
import type { RoundReport } from './round.ts'
import { runRound } from './run-round.ts'
import { settledHeap } from './settled-heap.ts'
import type { Target } from './target.ts'

/** A stretch in which the event loop did nothing else, and the input that it began with. */
export interface Block {
  readonly ms: number
  readonly seed: number
  /** Counted from 1 within its round. */
  readonly execution: number
  readonly input: string
}

/** What the rounds of one target have shown. */
export interface Summary {
  readonly target: string
  /** The seeds that were used: from the first one on, one a round. */
  readonly seeds: { readonly from: number; readonly to: number }
  readonly executions: number
  readonly perSecond: number
  /** The rounds in which something broke. */
  readonly crashes: readonly RoundReport[]
  readonly longest: Block | undefined
  /** Bytes that stay when all rounds are over, beside what stayed after the first ones; `undefined` where nobody can tell. */
  readonly grownBytes: number | undefined
  /** Bytes that something holds, at each tenth of the run. */
  readonly heapBytes: readonly number[]
}

export interface FuzzOptions {
  readonly target: Target
  readonly seed: number
  /** How long, or how much of it: the first that is reached. */
  readonly seconds: number
  readonly inputs?: number | undefined
}

/** How often the heap is looked at. */
const SAMPLES = 10

/** No input may hold up the event loop for longer, up to the size that a message may have. */
export const MAX_BLOCK_MS = 50

/** Who holds it up is asked again, a moment later: on a busy machine anything takes long a few times. */
const LOOKS = 6
const MOMENT_MS = 100

/** What a target may keep when everybody has gone. */
export const MAX_GROWN_BYTES = 16 * 1024 * 1024

/** From this sample on nothing should come to stay: code is compiled and caches are filled by then. */
const SETTLED = 2

/** A target's crashes that are enough to look at. */
const MAX_CRASHES = 10

/** Runs rounds of a target, from a seed on, for so long. `npm run fuzz -- --target <name> --seed <seed>` replays one. */
export async function runFuzz({
  target,
  seed,
  seconds,
  inputs = Number.POSITIVE_INFINITY,
}: FuzzOptions): Promise<Summary> {
  const startedAt = performance.now()
  const passed = () => (performance.now() - startedAt) / 1_000
  const share = () => Math.max(passed() / seconds, executions / inputs)
  let executions = 0
  let longest: Block | undefined
  const heapBytes: number[] = []
  const crashes: RoundReport[] = []
  /** Apart, so that what a round was given isn't kept by what counts it: some inputs make values of 30 MB. */
  async function run(next: number): Promise<void> {
    const report = await lookedAtTwice(target, await runRound(target, next))
    executions += report.inputs.length
    if (report.crashes.length > 0) crashes.push(report)
    if (Math.max(...report.blockedMs) > (longest?.ms ?? 0)) longest = longestOf(report)
  }
  let next = seed
  for (; share() < 1 && crashes.length < MAX_CRASHES; next++) {
    await run(next)
    if (share() * SAMPLES >= heapBytes.length + 1) heapBytes.push(settledHeap() ?? Number.NaN)
  }
  const perSecond = Math.round(executions / passed())
  const grown = (settledHeap() ?? Number.NaN) - (heapBytes[SETTLED] ?? heapBytes[0] ?? Number.NaN)
  return {
    target: target.name,
    seeds: { from: seed, to: next - 1 },
    executions,
    perSecond,
    crashes,
    longest,
    grownBytes: Number.isNaN(grown) ? undefined : grown,
    heapBytes,
  }
}

/** An input that held up the event loop for too long has to do so each time. */
async function lookedAtTwice(target: Target, report: RoundReport): Promise<RoundReport> {
  let { blockedMs } = report
  for (let looks = LOOKS; looks > 0 && blockedMs.some((ms) => ms > MAX_BLOCK_MS); looks--) {
    await new Promise((resolve) => setTimeout(resolve, MOMENT_MS))
    const again = await runRound(target, report.seed)
    blockedMs = blockedMs.map((ms, index) => Math.min(ms, again.blockedMs[index] ?? ms))
  }
  const block = longestOf({ ...report, blockedMs })
  if (block === undefined || block.ms <= MAX_BLOCK_MS) return { ...report, blockedMs }
  const what = `the event loop stood still for ${Math.round(block.ms)} ms, ${LOOKS + 1} times: at most ${MAX_BLOCK_MS} ms`
  return { ...report, blockedMs, crashes: [...report.crashes, { what, input: block.input }] }
}

function longestOf({ seed, inputs, blockedMs }: RoundReport): Block | undefined {
  const ms = Math.max(...blockedMs)
  const index = blockedMs.indexOf(ms)
  const input = inputs[index]
  return input === undefined ? undefined : { ms, seed, execution: index + 1, input: shown(input) }
}
