import { bar, svg, text } from './svg.ts'

export interface Bar {
  readonly title: string
  readonly value: number
  /** What stands behind it. */
  readonly label: string
  readonly classes: string
}

const WIDTH = 840
const LEFT = 316
const RIGHT = 110
const TOP = 46
const ROW = 26

/** A bar for each value, from 0. */
export function barChart(title: string, axis: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value))
  const bottom = TOP + bars.length * ROW
  const drawn = bars.flatMap(({ title: whose, value, label, classes }, index) => {
    const y = TOP + index * ROW
    const width = (value / most) * (WIDTH - LEFT - RIGHT)
    return [
      text({ x: LEFT - 10, y: y + 15 }, whose, 'end'),
      bar({ x: LEFT, y: y + 4 }, { width, height: ROW - 10 }, classes),
      text({ x: LEFT + width + 8, y: y + 15 }, label, 'small'),
    ]
  })
  const axisTitle = text({ x: (LEFT + WIDTH - RIGHT) / 2, y: bottom + 22 }, axis, 'small middle')
  return svg({ width: WIDTH, height: bottom + 38 }, title, [...drawn, axisTitle])
}
