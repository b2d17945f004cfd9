import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

describe('a token bucket', () => {
  it('begins empty, and lets a tenth of a second pass at most after a pause', () => {
    const bucket = new TokenBucket(0)
    expect(bucket.take(1000, 1000, 0)).toBe(0)
    expect(bucket.take(1000, 1000, 50)).toBe(50)
    expect(bucket.take(1000, 1000, 60_000)).toBe(100)
  })

  it('lets everything pass where the rate has no bound', () => {
    expect(new TokenBucket(0).take(1_000_000, Number.POSITIVE_INFINITY, 0)).toBe(1_000_000)
  })

  it('keeps to its rate and reaches it, asked whenever it says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 1_000_000 }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        (rate, seconds) => {
          const bucket = new TokenBucket(0)
          let now = 0
          const size = Math.ceil(rate * seconds)
          let left = size
          for (let asked = 0; left > 0; asked++) {
            expect(asked).toBeLessThan(2_000)
            now += bucket.waitMs(left, rate)
            left -= bucket.take(left, rate, now)
          }
          const fairMs = (size / rate) * 1000
          expect(now).toBeGreaterThanOrEqual(fairMs - 1e-6)
          // A millisecond is lost to rounding at the end.
          expect(now).toBeLessThanOrEqual(fairMs + 2)
        },
      ),
      { numRuns: 200 },
    )
  })
})
