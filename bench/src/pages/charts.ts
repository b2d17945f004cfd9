import type { Failed, Figures } from '../figures.ts'
import { isFigures, type Results } from '../results.ts'
import { GROWTH, GROWTH_NAMES, type GrowthName } from '../workloads/growth.ts'
import { pointName, TABLE, TABLE_NAMES } from '../workloads/workloads.ts'
import { type Bar, barChart } from './bar-chart.ts'
import { type Curve, growthChart } from './growth-chart.ts'
import { colourClass } from './palette.ts'
import { ratioChart } from './ratio-chart.ts'

/** The charts of docs/bench by their file names. */
export function charts(results: Results): Readonly<Record<string, string>> {
  return {
    'cpu.svg': ratios(results, 'CPU of both ends per operation', 'x ws (less is better)', ({ cpuRatio }) => cpuRatio),
    'rate.svg': ratios(results, 'Operations per second', 'x ws (more is better)', (of) => of.perSecondRatio),
    'idle.svg': idleChart(results),
    ...Object.fromEntries(GROWTH_NAMES.map((name) => [`${name}.svg`, growthOf(results, name)])),
    'types.svg': typesChart(results),
  }
}

function ratios(results: Results, title: string, axis: string, of: (figures: Figures) => number): string {
  const rows = TABLE_NAMES.map((name) => ({
    title: TABLE[name].title,
    ratios: measured(results, name)
      .filter((contender) => contender.name !== 'ws')
      .map(({ figures, ...named }) => ({ ...named, ratio: of(figures) })),
  }))
  return ratioChart(`${title}, against hand-written ws`, axis, rows)
}

function growthOf(results: Results, growth: GrowthName): string {
  const { title, of, points } = GROWTH[growth]
  const curves = results.contenders
    .filter(({ name }) => name !== 'ws')
    .map(({ name, title: whose }): Curve => {
      const values = points.flatMap((at) => {
        const figures = results.workloads[pointName(growth, at)]?.[name]
        return isFigures(figures) ? [{ at, value: figures.cpuRatio }] : []
      })
      return { name, title: whose, points: values }
    })
  return growthChart(
    `${capital(title)}: CPU against hand-written ws`,
    { x: of, y: 'x ws (less is better)' },
    curves.filter((curve) => curve.points.length > 0),
  )
}

function idleChart({ contenders, idle }: Results): string {
  const bars = contenders.flatMap(({ name, title }): Bar[] => {
    const figures = idle[name]
    if (!isFigures(figures)) return []
    const label = `${figures.heapKb.toFixed(1)} KB`
    return [{ title, value: figures.heapKb, label, classes: colourClass(name) }]
  })
  return barChart('What a server holds for an idle connection', 'KB of heap and buffers', bars)
}

function typesChart({ types }: Results): string {
  const bars = types.map(({ title, procedures, program }) => ({
    title: `${title}, ${procedures.toLocaleString('en')}`,
    value: program.instantiations,
    label: program.instantiations.toLocaleString('en'),
    classes: title.startsWith('Hotline') ? 'c2' : title.startsWith('plain') ? 'c0' : 'c3',
  }))
  return barChart('What the compiler instantiates for so many procedures and calls', 'instantiations', bars)
}

/** Those who have figures of a workload. */
function measured({ contenders, workloads }: Results, workload: string) {
  return contenders.flatMap(({ name, title }) => {
    const figures: Figures | Failed | undefined = workloads[workload]?.[name]
    return isFigures(figures) ? [{ name, title, figures }] : []
  })
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
