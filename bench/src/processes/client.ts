// A contender's client, in a process of its own: `node client.js <file>`, told what to do over IPC.

import type { ClientEnd } from '../contender.ts'
import { percentile } from '../statistics.ts'
import { inWaves } from '../waves.ts'
import { NO_TASK, type Place, type Workload } from '../workloads/workload.ts'
import { workloadOf } from '../workloads/workloads.ts'
import { answerCommands } from './answer-commands.ts'
import type { ClientCommands, Round } from './commands.ts'
import { cutAll } from './cuts.ts'
import { loadContender } from './load-contender.ts'
import { cpuMicros, usage } from './usage.ts'

const contender = await loadContender()
let workload: Workload
let ends: readonly ClientEnd[]
let place: Place

answerCommands<ClientCommands>({
  async connect({ ports, workload: name }) {
    workload = workloadOf(name)
    const task = { ...NO_TASK, ...workload.task }
    place = { connect: () => contender.connect(ports.port, task), cutAll: () => cutAll(ports.controlPort) }
    ends = await inWaves(Array.from({ length: workload.connections }), place.connect)
    await workload.prepare?.(ends)
    return undefined
  },
  run: (operations) => measure(operations),
  usage,
})

async function measure(operations: number): Promise<Round> {
  const cpuBefore = cpuMicros()
  const startedAt = performance.now()
  const latencies = await workload.run(ends, operations, place)
  const elapsedMs = performance.now() - startedAt
  const cpu = cpuMicros() - cpuBefore
  latencies.sort()
  return { elapsedMs, cpuMicros: cpu, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) }
}
