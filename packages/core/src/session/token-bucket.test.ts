import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBucket } from './token-bucket.ts'

describe('a token bucket', () => {
  it('lets a burst through at once, then its rate', () => {
    const bucket = new TokenBucket({ perSecond: 2, burst: 3 })
    const begin = 1_000_000
    expect([0, 0, 0, 0].map(() => bucket.take(begin))).toEqual([true, true, true, false])
    expect(bucket.take(begin + 499)).toBe(false)
    expect(bucket.take(begin + 500)).toBe(true)
    expect(bucket.take(begin + 500)).toBe(false)
  })

  it('saves up no more than a burst', () => {
    const bucket = new TokenBucket({ perSecond: 2, burst: 3 })
    expect([0, 0, 0].map(() => bucket.take(0))).toEqual([true, true, true])
    expect([0, 0, 0, 0].map(() => bucket.take(3_600_000))).toEqual([true, true, true, false])
  })

  it('says how long to wait, and keeps to it', () => {
    const bucket = new TokenBucket({ perSecond: 3, burst: 1 })
    expect(bucket.retryAfterMs(0)).toBe(0)
    bucket.take(0)
    const wait = bucket.retryAfterMs(0)
    expect(wait).toBe(334)
    expect(bucket.take(wait - 1)).toBe(false)
    expect(bucket.take(wait)).toBe(true)
  })

  it('is full when nothing of the past counts', () => {
    const bucket = new TokenBucket({ perSecond: 1, burst: 2 })
    expect(bucket.isFull(0)).toBe(true)
    bucket.take(0)
    expect(bucket.isFull(999)).toBe(false)
    expect(bucket.isFull(1_000)).toBe(true)
  })

  it('sets no bound at an endless rate, also within one moment', () => {
    const bucket = new TokenBucket({ perSecond: Number.POSITIVE_INFINITY, burst: 1 })
    for (let i = 0; i < 100; i++) expect(bucket.take(5)).toBe(true)
    expect(bucket.retryAfterMs(5)).toBe(0)
  })

  it('sets no bound with an endless burst', () => {
    const bucket = new TokenBucket({ perSecond: 0, burst: Number.POSITIVE_INFINITY })
    for (let i = 0; i < 100; i++) expect(bucket.take(5)).toBe(true)
  })

  it('asks nobody to wait where one is left, however much of the next has come', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 })
    bucket.take(0)
    bucket.take(0)
    for (const now of [0, 25, 50, 100]) expect(bucket.retryAfterMs(now)).toBe(0)
  })

  it('lets nothing through where the bound is 0, and says that waiting is of no use', () => {
    expect(new TokenBucket({ perSecond: 0, burst: 0 }).take(0)).toBe(false)
    expect(new TokenBucket({ perSecond: 10, burst: 0 }).retryAfterMs(1_000)).toBe(Number.POSITIVE_INFINITY)
  })

  it('never lets more through than a burst and its rate, however it is asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 2_000 }),
        (perSecond, burst, pauses) => {
          const bucket = new TokenBucket({ perSecond, burst })
          let now = 0
          let taken = 0
          for (const pause of pauses) {
            now += pause
            if (bucket.take(now)) taken++
          }
          expect(taken).toBeLessThanOrEqual(burst + (now / 1000) * perSecond + 1e-6)
        },
      ),
    )
  })
})
