import type { Load } from '../../shared/model.ts'

/** A quiet server's line lies low, and not as high as the chart is. */
const LEAST_TOP = 0.2

/** Seconds further apart than this weren't measured: the server was gone, or the page was. */
const GAP_MS = 2_500

interface Drawn {
  readonly line: string
  readonly area: string
}

/**
 * SVG paths in a square of 100: the newest second at the right edge, so many seconds before it at the left, nothing where
 * nothing was measured. Its height is the busiest second, or a fifth of all there is.
 */
export function drawLoad(loads: readonly Load[], seconds: number): Drawn {
  const newest = loads.at(-1)?.at.getTime() ?? 0
  const shown = loads.filter(({ at }) => newest - at.getTime() <= seconds * 1_000)
  const top = Math.max(LEAST_TOP, ...shown.map(({ busy }) => busy))
  const x = ({ at }: Load) => round(100 - ((newest - at.getTime()) / 1_000 / seconds) * 100)
  const pointOf = (load: Load) => `${x(load)} ${round(100 - (load.busy / top) * 100)}`
  const drawn = runsOf(shown).map((run) => {
    const line = `M${run.map(pointOf).join('L')}`
    return { line, area: `${line}V100H${run.slice(0, 1).map(x)}Z` }
  })
  return { line: drawn.map(({ line }) => line).join(''), area: drawn.map(({ area }) => area).join('') }
}

/** What was measured without a gap, each. */
function runsOf(loads: readonly Load[]): readonly (readonly Load[])[] {
  const runs: Load[][] = []
  for (const load of loads) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (last !== undefined && load.at.getTime() - last.at.getTime() < GAP_MS) run?.push(load)
    else runs.push([load])
  }
  return runs
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
