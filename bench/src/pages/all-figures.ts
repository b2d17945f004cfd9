import { figureCells, figureHead } from '../figure-cells.ts'
import { isFigures, type Results } from '../results.ts'
import { GROWTH, GROWTH_NAMES } from '../workloads/growth.ts'
import { pointName, TABLE_NAMES, workloadOf } from '../workloads/workloads.ts'
import { markdownTable } from './markdown-table.ts'

/** The text of docs/bench/all.md: a table of each workload. */
export function allFigures(results: Results): string {
  const names = [
    ...TABLE_NAMES,
    ...GROWTH_NAMES.flatMap((growth) => GROWTH[growth].points.map((point) => pointName(growth, point))),
  ]
  const { machine } = results
  const head = `# All figures\n\nOf ${machine.date}, commit ${machine.commit}. How to read them: [PERFORMANCE.md](../PERFORMANCE.md). Made from [results.json](results.json).`
  return `${[head, ...names.map((name) => section(results, name))].join('\n\n')}\n`
}

function section({ contenders, workloads }: Results, name: string): string {
  const { title, unit } = workloadOf(name)
  const head = ['', 'CPU µs', ...figureHead(unit)]
  const rows = contenders.map(({ name: contender, title: whose }) => {
    const of = workloads[name]?.[contender]
    if (!isFigures(of)) return [whose, ...head.slice(1).map(() => '-')]
    return [whose, ...figureCells(of)]
  })
  const failures = contenders.flatMap(({ name: contender, title: whose }) => {
    const of = workloads[name]?.[contender]
    return of === undefined || isFigures(of) ? [] : [`\n\n${whose}: ${of.failed}`]
  })
  return `## ${title}, per ${unit}\n\n${markdownTable(head, rows)}${failures.join('')}`
}
