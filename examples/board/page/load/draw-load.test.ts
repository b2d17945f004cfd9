import { describe, expect, it } from 'vitest'
import { drawLoad } from './draw-load.ts'

function loads(...busy: readonly number[]) {
  return busy.map((each, second) => ({ at: new Date(second * 1_000), busy: each }))
}

describe('the chart of the load', () => {
  it('has the newest second at the right, and each other as far left as it is old', () => {
    expect(drawLoad(loads(0, 0.2, 0.1), 4)).toEqual({
      line: 'M50 100L75 0L100 50',
      area: 'M50 100L75 0L100 50V100H50Z',
    })
  })

  it('is as high as the busiest second, and a quiet server stays low', () => {
    expect(drawLoad(loads(0.4, 0.8), 1).line).toBe('M0 50L100 0')
    expect(drawLoad(loads(0.02, 0.01), 1).line).toBe('M0 90L100 95')
  })

  it('shows nothing where seconds are missing', () => {
    const [first, second, , , , last] = loads(0.2, 0.2, 0, 0, 0, 0.1)
    if (first === undefined || second === undefined || last === undefined) return expect.fail('There are six.')
    expect(drawLoad([first, second, last], 5)).toEqual({
      line: 'M0 0L20 0M100 50',
      area: 'M0 0L20 0V100H0ZM100 50V100H100Z',
    })
  })

  it('leaves out what is older', () => {
    expect(drawLoad(loads(0.2, 0.2, 0.1, 0), 2).line).toBe('M0 0L50 50L100 100')
  })

  it('is empty without seconds', () => {
    expect(drawLoad([], 60)).toEqual({ line: '', area: '' })
  })
})
