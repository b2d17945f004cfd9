import { ABSENT } from '../contenders/contenders.ts'
import type { Figures } from '../figures.ts'
import { isFigures, type Results } from '../results.ts'
import { GROWTH, GROWTH_NAMES, type GrowthName } from '../workloads/growth.ts'
import { IDLE, pointName, TABLE, TABLE_NAMES, workloadOf } from '../workloads/workloads.ts'
import { markdownTable } from './markdown-table.ts'
import { whereOthersWin } from './where-others-win.ts'

/** What docs/PERFORMANCE.md has between its marks: all figures, and what follows from them. */
export function measuredPart(results: Results): string {
  return [
    provenance(results),
    `### CPU of both ends, x ws\n\nLess is better. ws itself is 1.00.\n\n${ratioTable(results, ({ cpuRatio }) => cpuRatio)}\n\n![CPU of both ends per operation](bench/cpu.svg)`,
    `### Operations per second, x ws\n\nMore is better. The client has a core of its own, and so has the server.\n\n${ratioTable(results, (of) => of.perSecondRatio)}\n\n![Operations per second](bench/rate.svg)`,
    `### Hotline itself\n\n${ownTable(results)}\n\nThe same of everyone: [bench/all.md](bench/all.md).`,
    `### An idle connection\n\n${idleTable(results)}\n\n![Memory of an idle connection](bench/idle.svg)`,
    `### Growth\n\nCPU of both ends, x ws at the same size.\n\n${GROWTH_NAMES.map((name) => growthTable(results, name)).join('\n\n')}`,
    `### Values\n\nWhat the codec costs to write and read a value, without a wire, by \`JSON.stringify\` and \`JSON.parse\`.\n\n${valuesTable(results)}`,
    `### Types\n\n${typesTable(results)}\n\n![Instantiations](bench/types.svg)`,
    `### Where another wins\n\n${whereOthersWin(results)}`,
  ].join('\n\n')
}

function provenance({ machine, contenders }: Results): string {
  const versions = contenders.map(({ title, version }) => `${title} ${version}`).join(', ')
  const absent = ABSENT.map(({ title, why }) => `"-" for ${title}: ${why}`).join(' ')
  return `Measured on ${machine.date} at commit ${machine.commit} with \`${machine.command}\`: ${machine.rounds} rounds in ${machine.minutes} minutes; Node ${machine.node}, ${machine.cores} cores of ${machine.processor}${machine.isPinned ? ', each process pinned to one' : ', processes not pinned'}. ${versions}. ${absent}`
}

function ratioTable({ contenders, workloads }: Results, of: (figures: Figures) => number): string {
  const others = contenders.filter(({ name }) => name !== 'ws')
  const rows = TABLE_NAMES.map((name) => {
    const cells = others.map((contender) => {
      const figures = workloads[name]?.[contender.name]
      return isFigures(figures) ? strong(contender.name, of(figures).toFixed(2)) : '-'
    })
    return [TABLE[name].title, ...cells, ...ABSENT.map(() => '-')]
  })
  return markdownTable(['', ...others.map(({ title }) => title), ...ABSENT.map(({ title }) => title)], rows)
}

function ownTable({ workloads }: Results): string {
  const rows = TABLE_NAMES.map((name) => {
    const of = workloads[name]?.hotline
    if (!isFigures(of)) return [TABLE[name].title, ...Array.from({ length: 6 }, () => '-')]
    const latency = of.p50Ms === null ? '-' : `${of.p50Ms.toFixed(2)} / ${of.p99Ms?.toFixed(2)}`
    return [
      `${TABLE[name].title}, per ${TABLE[name].unit}`,
      of.serverCpu.toFixed(1),
      of.clientCpu.toFixed(1),
      of.cpuRatio.toFixed(2),
      of.perSecond.toLocaleString('en'),
      latency,
      `${of.serverPeakMb} / ${of.clientPeakMb}`,
    ]
  })
  const head = ['', 'server CPU µs', 'client CPU µs', 'x ws', 'per second', 'p50 / p99 ms', 'peak MB, server / client']
  return markdownTable(head, rows)
}

function idleTable({ contenders, idle }: Results): string {
  const rows = contenders.map(({ name, title }) => {
    const of = idle[name]
    const cells = isFigures(of) ? [of.heapKb, of.residentKb, of.steadyKb].map((kb) => kb.toFixed(1)) : ['-', '-', '-']
    return [title, ...cells]
  })
  const head = ['heap and buffers KB each', 'resident KB each', 'resident KB each, young generation of one size']
  return markdownTable([`${workloadOf(IDLE).title}, of a server`, ...head], rows)
}

function growthTable({ contenders, workloads }: Results, growth: GrowthName): string {
  const { title, points, of } = GROWTH[growth]
  const others = contenders.filter(({ name }) => name !== 'ws')
  const rows = others.map((contender) => [
    contender.title,
    ...points.map((point) => {
      const figures = workloads[pointName(growth, point)]?.[contender.name]
      return isFigures(figures) ? strong(contender.name, figures.cpuRatio.toFixed(2)) : '-'
    }),
  ])
  const head = [of, ...points.map((point) => point.toLocaleString('en'))]
  return `**${title}**\n\n${markdownTable(head, rows)}\n\n![${title}](bench/${growth}.svg)`
}

function valuesTable({ values }: Results): string {
  const rows = values.map(({ title, json, hotline, ratio }) => [title, String(json), String(hotline), ratio.toFixed(2)])
  return markdownTable(['', 'JSON µs', 'Hotline µs', 'x JSON'], rows)
}

function typesTable({ types }: Results): string {
  const number = (value: number | undefined) => value?.toLocaleString('en') ?? '-'
  const rows = types.map(({ title, procedures, program, client }) => [
    title,
    number(procedures),
    number(program.types),
    number(program.instantiations),
    number(client?.types),
    number(client?.instantiations),
  ])
  const head = ['', 'procedures', 'types', 'instantiations', "client's types", "client's instantiations"]
  return markdownTable(head, rows)
}

function strong(contender: string, cell: string): string {
  return contender === 'hotline' ? `**${cell}**` : cell
}
