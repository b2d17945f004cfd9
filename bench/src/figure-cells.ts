import type { Figures } from './figures.ts'
import type { Workload } from './workloads/workload.ts'

/** What stands over the cells, behind the word for all of the CPU. */
export function figureHead(unit: Workload['unit']): readonly string[] {
  return ['server', 'client', 'x ws', `${unit}s/s`, 'x ws', 'p50 ms', 'p99 ms', 'server MB', 'client MB']
}

/** A contender's figures as a line of a table, on the terminal and on a page. */
export function figureCells(of: Figures): readonly string[] {
  return [
    of.cpu.toFixed(2),
    of.serverCpu.toFixed(2),
    of.clientCpu.toFixed(2),
    of.cpuRatio.toFixed(2),
    of.perSecond.toLocaleString('en'),
    of.perSecondRatio.toFixed(2),
    of.p50Ms?.toFixed(2) ?? '-',
    of.p99Ms?.toFixed(2) ?? '-',
    String(of.serverPeakMb),
    String(of.clientPeakMb),
  ]
}
