import { CONTENDERS, type ContenderName } from '../contenders/contenders.ts'
import { figureCells, figureHead } from '../figure-cells.ts'
import type { Failed, Figures } from '../figures.ts'
import { isFigures } from '../results.ts'
import type { Workload } from '../workloads/workload.ts'
import type { IdleFigures } from './run-idle.ts'

/** A table of one workload for the terminal: a line for each contender. */
export function report({ title, unit }: Workload, figures: Readonly<Record<string, Figures | Failed>>): string {
  return table(title, [`CPU µs/${unit}`, ...figureHead(unit)], figures, figureCells)
}

/** The same for idle connections. */
export function reportIdle(title: string, figures: Readonly<Record<string, IdleFigures | Failed>>): string {
  const head = ['heap KB each', 'resident KB each', 'steady KB each']
  return table(title, head, figures, (of) => [of.heapKb.toFixed(1), of.residentKb.toFixed(1), of.steadyKb.toFixed(1)])
}

function table<Known extends object>(
  title: string,
  head: readonly string[],
  figures: Readonly<Record<string, Known | Failed>>,
  cells: (of: Known) => readonly string[],
): string {
  const rows = Object.entries(figures).map(([name, of]) => [
    // The figures of a run are those of the table's contenders.
    CONTENDERS[name as ContenderName].title,
    ...(isFigures(of) ? cells(of) : head.map(() => '-')),
  ])
  const failures = Object.entries(figures).flatMap(([name, of]) => (isFigures(of) ? [] : [`  ${name}: ${of.failed}\n`]))
  return `${title}\n${align([['', ...head], ...rows])}\n${failures.join('')}`
}

/** Cells in columns, the first to the left. */
export function align(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) => `  ${row.map((cell, column) => pad(cell, column, widths[column] ?? 0)).join('  ')}`)
    .join('\n')
}

function pad(cell: string, column: number, width: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width)
}
