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
}

/** Two thousand connections, each in a fresh server's memory; the median of so many servers. */
export async function runIdle(contender: ContenderName, rounds: number): Promise<IdleFigures> {
  const taken: IdleFigures[] = []
  for (let round = 0; round < rounds; round++) taken.push(await once(contender))
  return {
    heapKb: median(taken.map(({ heapKb }) => heapKb)),
    residentKb: median(taken.map(({ residentKb }) => residentKb)),
  }
}

async function once(contender: ContenderName): Promise<IdleFigures> {
  const pair = new Pair(contender, undefined)
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
