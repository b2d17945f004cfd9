import type { ContenderName } from '../contenders/contenders.ts'
import { median } from '../statistics.ts'
import { IDLE, IDLE_WARM, workloadOf } from '../workloads/workloads.ts'
import { Pair } from './pair.ts'

/** What the server holds for a connection that says nothing. */
export interface IdleFigures {
  /** JavaScript's heap and the buffers that it holds. */
  readonly heapKb: number
  /** What the process takes from the system. */
  readonly residentKb: number
  /** The same of a process whose young generation doesn't grow. */
  readonly steadyKb: number
}

/**
 * V8 lets the generation of new objects grow with what survives in it, up to 32 MB for whatever else is there. That comes
 * once, and would be counted for the connections of this workload.
 */
const STEADY = ['--max-semi-space-size=2']

/** Two thousand connections, each in a fresh server's memory; the median of so many servers of each kind. */
export async function runIdle(contender: ContenderName, rounds: number): Promise<IdleFigures> {
  const taken: IdleFigures[] = []
  for (let round = 0; round < rounds; round++) {
    const { residentKb: steadyKb } = await once(contender, STEADY)
    taken.push({ ...(await once(contender, [])), steadyKb })
  }
  return {
    heapKb: median(taken.map(({ heapKb }) => heapKb)),
    residentKb: median(taken.map(({ residentKb }) => residentKb)),
    steadyKb: median(taken.map(({ steadyKb }) => steadyKb)),
  }
}

async function once(contender: ContenderName, flags: readonly string[]): Promise<Omit<IdleFigures, 'steadyKb'>> {
  const pair = new Pair(contender, undefined, flags)
  try {
    await pair.connect(IDLE_WARM)
    const before = await pair.serverMemory()
    await pair.connect(IDLE)
    const after = await pair.serverMemory()
    const kb = (bytes: number) => bytes / 1024 / workloadOf(IDLE).connections
    return {
      heapKb: kb(after.heapBytes - before.heapBytes),
      residentKb: kb(after.residentBytes - before.residentBytes),
    }
  } finally {
    await pair.stop()
  }
}
