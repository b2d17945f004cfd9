import { YARDSTICK } from '../contenders/contenders.ts'
import { median } from '../statistics.ts'
import type { Workload } from '../workloads/workload.ts'
import type { Measured, Results } from './run-workload.ts'

/** A table of one workload: a line for each contender, every figure the median of its rounds. */
export function report({ title, unit }: Workload, results: Results): string {
  const yardstick = results.get(YARDSTICK) ?? []
  const head = ['', `CPU µs/${unit}`, 'server', 'client', 'x ws', `${unit}s/s`, 'x ws', 'p50 ms', 'p99 ms']
  const rows = [...results].map(([name, rounds]) => [name, ...figures(rounds, yardstick)])
  return `${title}\n${align([head, ...rows])}\n`
}

/** A ratio is the median of the rounds' ratios: the two rounds of one turn met the same machine. */
function figures(rounds: readonly Measured[], yardstick: readonly Measured[]): string[] {
  const figure = (of: (round: Measured) => number) => median(rounds.map(of))
  const ratio = (of: (round: Measured) => number) =>
    median(rounds.map((round, turn) => of(round) / of(yardstick[turn] ?? round)))
  return [
    figure(cpuPerOperation).toFixed(2),
    figure((round) => round.serverCpuMicros / round.operations).toFixed(2),
    figure((round) => round.cpuMicros / round.operations).toFixed(2),
    ratio(cpuPerOperation).toFixed(2),
    Math.round(figure(perSecond)).toLocaleString('en'),
    ratio(perSecond).toFixed(2),
    milliseconds(rounds.map((round) => round.p50Ms)),
    milliseconds(rounds.map((round) => round.p99Ms)),
  ]
}

function cpuPerOperation({ cpuMicros, serverCpuMicros, operations }: Measured): number {
  return (cpuMicros + serverCpuMicros) / operations
}

function perSecond({ operations, elapsedMs }: Measured): number {
  return (operations / elapsedMs) * 1000
}

function milliseconds(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? '-' : median(known).toFixed(2)
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) => `  ${row.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join('  ')}`)
    .join('\n')
}

function pad(cell: string, column: number, width: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}
