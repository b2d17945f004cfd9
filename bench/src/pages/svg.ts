import { STYLE } from './palette.ts'

/** A whole picture: its size, what it says to those who can't see it, and its parts. */
export function svg(
  size: { readonly width: number; readonly height: number },
  title: string,
  parts: readonly string[],
): string {
  const { width, height } = size
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
${STYLE}
<rect class="ground" width="${width}" height="${height}"/>
${text({ x: 16, y: 24 }, title, 'title')}
${parts.join('\n')}
</svg>
`
}

export interface Point {
  readonly x: number
  readonly y: number
}

export function text({ x, y }: Point, words: string, classes = ''): string {
  return `<text x="${tenths(x)}" y="${tenths(y)}"${classOf(classes)}>${escaped(words)}</text>`
}

export function line(from: Point, to: Point, classes: string): string {
  return `<line x1="${tenths(from.x)}" y1="${tenths(from.y)}" x2="${tenths(to.x)}" y2="${tenths(to.y)}"${classOf(classes)}/>`
}

/** `title` is what a reader sees who points at it. */
export function circle(
  { x, y }: Point,
  radius: number,
  { classes, title }: { classes: string; title: string },
): string {
  return `<circle cx="${tenths(x)}" cy="${tenths(y)}" r="${radius}"${classOf(classes)}><title>${escaped(title)}</title></circle>`
}

export function bar(
  { x, y }: Point,
  size: { readonly width: number; readonly height: number },
  classes: string,
): string {
  return `<rect x="${tenths(x)}" y="${tenths(y)}" width="${tenths(size.width)}" height="${tenths(size.height)}"${classOf(classes)}/>`
}

export function path(points: readonly Point[], classes: string): string {
  const steps = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${tenths(x)} ${tenths(y)}`)
  return `<path d="${steps.join('')}"${classOf(classes)}/>`
}

/** Where a value lies between two ends, by its logarithm: twice as much is as far everywhere. */
export function logScale(values: readonly [least: number, most: number], places: readonly [from: number, to: number]) {
  const [least, most] = values.map(Math.log)
  const [from, to] = places
  return (value: number) => from + ((Math.log(value) - (least ?? 0)) / ((most ?? 1) - (least ?? 0))) * (to - from)
}

/** The ticks of 1, 2 and 5 times a power of ten that lie between two values. */
export function ticks(least: number, most: number): readonly number[] {
  const powers = [0.01, 0.1, 1, 10, 100, 1_000, 10_000, 100_000]
  return powers.flatMap((power) => [power, 2 * power, 5 * power]).filter((tick) => tick >= least && tick <= most)
}

function classOf(classes: string): string {
  return classes === '' ? '' : ` class="${classes}"`
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
