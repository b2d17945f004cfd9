import type { Load } from '../../shared/model.ts'

/** A quiet server's line lies low, and not as high as the chart is. */
const LEAST_TOP = 0.2

/**
 * SVG paths in a square of 100: the newest second at the right edge, so many seconds before it at the left. Its height is
 * the busiest second, or a fifth of all there is.
 */
export function drawLoad(loads: readonly Load[], seconds: number): { readonly line: string; readonly area: string } {
  const newest = loads.at(-1)?.at.getTime() ?? 0
  const top = Math.max(LEAST_TOP, ...loads.map(({ busy }) => busy))
  const points = loads.flatMap(({ at, busy }) => {
    const x = 100 - ((newest - at.getTime()) / 1_000 / seconds) * 100
    return x < 0 ? [] : [[round(x), round(100 - (busy / top) * 100)] as const]
  })
  const [first] = points
  if (first === undefined) return { line: '', area: '' }
  const line = `M${points.map((point) => point.join(' ')).join('L')}`
  return { line, area: `${line}V100H${first[0]}Z` }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
