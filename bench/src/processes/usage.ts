import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Memory, Usage } from './commands.ts'

export function usage(): Usage {
  // `maxRSS` is in KiB.
  return { cpuMicros: cpuMicros(), peakBytes: process.resourceUsage().maxRSS * 1024 }
}

export function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Once nothing moves any more and all garbage is gone. */
export async function memory(): Promise<Memory> {
  setFlagsFromString('--expose_gc')
  // What V8 puts there when the flag is set.
  const collect = runInNewContext('gc') as () => void
  await pause(SETTLING_MS)
  for (let round = 0; round < 3; round++) {
    await pause(1)
    collect()
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heapBytes: heapUsed + external, residentBytes: rss }
}

const SETTLING_MS = 500
