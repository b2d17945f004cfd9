import { legend, type Named } from './legend.ts'
import { colourClass } from './palette.ts'
import { circle, line, logScale, svg, text, ticks } from './svg.ts'

/** A line of the chart: what was done, and each contender's ratio. */
export interface RatioRow {
  readonly title: string
  readonly ratios: readonly (Named & { readonly ratio: number })[]
}

const WIDTH = 840
const LEFT = 316
const RIGHT = 24
const TOP = 96
const ROW = 30

/** A dot for each contender's ratio to hand-written ws, which is the line at 1.00. */
export function ratioChart(title: string, axis: string, rows: readonly RatioRow[]): string {
  const all = rows.flatMap(({ ratios }) => ratios.map(({ ratio }) => ratio))
  const [least, most] = [Math.min(...all, 0.5) / 1.1, Math.max(...all, 2) * 1.1]
  const x = logScale([least, most], [LEFT, WIDTH - RIGHT])
  const bottom = TOP + rows.length * ROW
  const grid = ticks(least, most).flatMap((tick) => [
    line({ x: x(tick), y: TOP - 10 }, { x: x(tick), y: bottom }, tick === 1 ? 'one' : 'grid'),
    text({ x: x(tick), y: bottom + 16 }, tick === 1 ? '1.00' : String(tick), 'small middle'),
  ])
  const dots = rows.flatMap((row, index) => {
    const y = TOP + index * ROW + ROW / 2
    // Ours last, above the others.
    const sorted = [...row.ratios].sort((one, other) => Number(isOurs(one)) - Number(isOurs(other)))
    return [
      text({ x: LEFT - 14, y: y + 4 }, row.title, 'end'),
      line({ x: LEFT, y }, { x: WIDTH - RIGHT, y }, 'grid'),
      ...sorted.map((of) =>
        circle({ x: x(of.ratio), y }, isOurs(of) ? 7 : 5, {
          classes: colourClass(of.name),
          title: `${of.title}: ${of.ratio.toFixed(2)}`,
        }),
      ),
    ]
  })
  const axisTitle = text({ x: (LEFT + WIDTH - RIGHT) / 2, y: bottom + 36 }, axis, 'small middle')
  const named = legend({ x: 22, y: 50 }, contendersOf(rows), 5)
  return svg({ width: WIDTH, height: bottom + 50 }, title, [...named, ...grid, ...dots, axisTitle])
}

function isOurs({ name }: Named): boolean {
  return name === 'hotline'
}

/** Everyone who has a ratio somewhere, but for the yardstick: its are all 1. */
function contendersOf(rows: readonly RatioRow[]): readonly Named[] {
  return [...new Map(rows.flatMap(({ ratios }) => ratios.map((of) => [of.name, of] as const))).values()]
}
