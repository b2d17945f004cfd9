import { colourClass } from './palette.ts'
import { circle, type Point, text } from './svg.ts'

/** Those who are in a chart. */
export interface Named {
  readonly name: string
  readonly title: string
}

const WIDTH = 156
const LINE = 20

/** A dot and a name for each, in lines of so many. */
export function legend({ x, y }: Point, contenders: readonly Named[], perLine: number): string[] {
  return contenders.flatMap(({ name, title }, index) => {
    const place = { x: x + (index % perLine) * WIDTH, y: y + Math.floor(index / perLine) * LINE }
    return [
      circle(place, 5, { classes: colourClass(name), title }),
      text({ x: place.x + 10, y: place.y + 4 }, title, 'small'),
    ]
  })
}
