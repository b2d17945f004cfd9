import { describe, expect, it } from 'vitest'
import { BACKOFF, backoff } from './backoff.ts'

/** Numbers from 0 up to 1 that are the same at each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The largest distance between the waits' distribution and the even one up to `span` (Kolmogorov and Smirnov). */
function distanceFromEven(waits: readonly number[], span: number): number {
  const sorted = [...waits].sort((a, b) => a - b)
  return Math.max(
    ...sorted.map((wait, index) =>
      Math.max(Math.abs(wait / span - index / waits.length), Math.abs((index + 1) / waits.length - wait / span)),
    ),
  )
}

describe('a back-off', () => {
  it.each([
    [0, 500],
    [1, 1_000],
    [5, 16_000],
    [6, 30_000],
    [60, 30_000],
    [5_000, 30_000],
  ])('before retry %i waits up to %i ms', (attempt, most) => {
    expect(backoff(attempt, 0, BACKOFF)).toBe(0)
    expect(backoff(attempt, 0.5, BACKOFF)).toBe(most / 2)
    expect(backoff(attempt, 1, BACKOFF)).toBe(most)
  })

  it.each([0, 3, 6, 20])(
    'B8: spreads retry %i of a crowd evenly over the whole span, also behind the cap',
    (attempt) => {
      const random = seeded(20 + attempt)
      const waits = Array.from({ length: 4_000 }, () => backoff(attempt, random(), BACKOFF))
      const span = Math.min(BACKOFF.maxMs, BACKOFF.initialMs * 2 ** attempt)
      // The critical value for one false alarm in a thousand; the seed is fixed, so there is none.
      expect(distanceFromEven(waits, span)).toBeLessThan(1.95 / Math.sqrt(waits.length))
    },
  )
})
