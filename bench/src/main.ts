// `npm run bench -- [--quick] [--only=<workload>] [--profile=<folder>]`

import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { canPin } from './driver/pinned-process.ts'
import { report } from './driver/report.ts'
import { runWorkload } from './driver/run-workload.ts'
import { compareValues } from './values/compare-values.ts'
import { WORKLOAD_NAMES, WORKLOADS, type WorkloadName } from './workloads/workloads.ts'

const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, only: { type: 'string' }, profile: { type: 'string' } },
})
const options = values.quick ? { rounds: 5, scale: 1 } : { rounds: 15, scale: 2 }

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'an unknown processor'}`)
console.log(canPin ? 'Server on core 0, client on core 1.\n' : 'taskset is missing: the processes are not pinned.\n')
for (const name of chosen(values.only)) {
  console.log(report(WORKLOADS[name], await runWorkload(name, { ...options, profileTo: values.profile })))
}
if (values.only === undefined || values.only === 'values') console.log(compareValues(options.rounds * 3))

function chosen(only: string | undefined): readonly WorkloadName[] {
  if (only === undefined) return WORKLOAD_NAMES
  if (only === 'values') return []
  const found = WORKLOAD_NAMES.filter((name) => name === only)
  if (found.length === 0)
    throw new Error(`"--only=${only}" names no workload: choose ${WORKLOAD_NAMES.join(', ')}, values.`)
  return found
}
