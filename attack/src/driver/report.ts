import type { Attack } from '../attack.ts'
import { bytesEach, type Outcome } from '../outcome.ts'
import { kib } from './verdict.ts'

const COLUMNS = [
  'attack',
  'sockets',
  'held each',
  'RSS each',
  'block (CPU)',
  'machine',
  'p50/p99 quiet',
  'p50/p99 beside',
  'connect p99',
  'ended',
] as const

/** The first line of the table. */
export function heading(): string {
  return row(COLUMNS)
}

/** A line of the table, and what else there is to say. */
export function report(attack: Attack, outcome: Outcome, broken: readonly string[]): string {
  const { held, rss } = bytesEach(outcome)
  const { block, machine, quiet, beside, ends } = outcome
  const line = row([
    `${attack.name} (${attack.scenario})`,
    outcome.sockets.toLocaleString('en'),
    kib(held),
    kib(rss),
    `${block.wallMs.toFixed(0)} (${block.cpuMs.toFixed(0)}) ms`,
    `${machine.wallMs.toFixed(0)} ms`,
    `${quiet.p50Ms.toFixed(1)}/${quiet.p99Ms.toFixed(1)} ms`,
    `${beside.p50Ms.toFixed(1)}/${beside.p99Ms.toFixed(1)} ms`,
    `${quiet.connectP99Ms.toFixed(0)}/${beside.connectP99Ms.toFixed(0)} ms`,
    endings(ends.counts, ends.held),
  ])
  const remarks = [...outcome.notes, ...broken.map((what) => `BROKEN ${what}`)]
  return [line, ...remarks.map((remark) => `    ${remark}`)].join('\n')
}

function endings(counts: Readonly<Record<string, number>>, held: number): string {
  const ended = Object.entries(counts).map(([how, count]) => `${count} ${how}`)
  return [...ended, ...(held > 0 ? [`${held} open`] : [])].join(', ')
}

const WIDTHS = [23, 8, 9, 9, 12, 8, 14, 15, 12]

function row(cells: readonly string[]): string {
  return cells
    .map((cell, column) => (column === 0 ? cell.padEnd(WIDTHS[0] ?? 0) : cell.padStart(WIDTHS[column] ?? 0)))
    .join('  ')
}
