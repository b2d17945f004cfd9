import { legend, type Named } from './legend.ts'
import { colourClass } from './palette.ts'
import { circle, line, logScale, path, svg, text, ticks } from './svg.ts'

/** A contender's curve. */
export interface Curve extends Named {
  readonly points: readonly { readonly at: number; readonly value: number }[]
}

export interface Axes {
  readonly x: string
  readonly y: string
}

const WIDTH = 840
const HEIGHT = 436
const LEFT = 64
const RIGHT = 24
const TOP = 112
const BOTTOM = HEIGHT - 56

/** A curve for each contender, both axes by their logarithm, with a line where the value is 1.00. */
export function growthChart(title: string, axes: Axes, curves: readonly Curve[]): string {
  const places = [...new Set(curves.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b)
  const values = curves.flatMap(({ points }) => points.map(({ value }) => value))
  const [least, most] = [Math.min(...values, 0.8) / 1.1, Math.max(...values, 1.25) * 1.1]
  const x = logScale([places[0] ?? 1, places.at(-1) ?? 10], [LEFT + 16, WIDTH - RIGHT - 16])
  const y = logScale([least, most], [BOTTOM, TOP])
  const across = ticks(least, most).flatMap((tick) => [
    line({ x: LEFT, y: y(tick) }, { x: WIDTH - RIGHT, y: y(tick) }, tick === 1 ? 'one' : 'grid'),
    text({ x: LEFT - 8, y: y(tick) + 4 }, tick === 1 ? '1.00' : String(tick), 'small end'),
  ])
  const below = places.map((at) => text({ x: x(at), y: BOTTOM + 18 }, at.toLocaleString('en'), 'small middle'))
  const drawn = curves.flatMap(({ name, title: whose, points }) => {
    const strength = name === 'hotline' ? ' strong' : ''
    const at = points.map((point) => ({ x: x(point.at), y: y(point.value) }))
    return [
      path(at, `${colourClass(name)} line${strength}`),
      ...at.map((place, index) =>
        circle(place, 3.5, { classes: colourClass(name), title: `${whose}: ${points[index]?.value.toFixed(2)}` }),
      ),
    ]
  })
  const names = [
    text({ x: (LEFT + WIDTH - RIGHT) / 2, y: BOTTOM + 40 }, axes.x, 'small middle'),
    text({ x: 16, y: TOP - 16 }, axes.y, 'small'),
  ]
  return svg({ width: WIDTH, height: HEIGHT }, title, [
    ...legend({ x: 22, y: 46 }, curves, 5),
    ...across,
    ...below,
    ...drawn,
    ...names,
  ])
}
