// A contender's client, in a process of its own: `node client.js <contender>`, told what to do over IPC.

import type { ClientEnd } from '../contender.ts'
import { CONTENDERS, type ContenderName } from '../contenders/contenders.ts'
import { percentile } from '../statistics.ts'
import type { Workload } from '../workloads/workload.ts'
import { WORKLOADS, type WorkloadName } from '../workloads/workloads.ts'
import { answerCommands } from './answer-commands.ts'
import type { ClientCommands, Round } from './commands.ts'
import { cpuMicros } from './cpu.ts'

// The driver gives a name of the table.
const contender = await CONTENDERS[process.argv[2] as ContenderName]()
let workload: Workload
let ends: readonly ClientEnd[]

answerCommands<ClientCommands>({
  async connect({ port, workload: name }) {
    workload = WORKLOADS[name as WorkloadName]
    ends = await Promise.all(Array.from({ length: workload.connections }, () => contender.connect(port)))
    await workload.prepare?.(ends)
    return undefined
  },
  run: (operations) => measure(operations),
})

async function measure(operations: number): Promise<Round> {
  const cpuBefore = cpuMicros()
  const startedAt = performance.now()
  const latencies = await workload.run(ends, operations)
  const elapsedMs = performance.now() - startedAt
  const cpu = cpuMicros() - cpuBefore
  latencies.sort()
  return { elapsedMs, cpuMicros: cpu, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) }
}
