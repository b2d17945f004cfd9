import { describe, expect, it } from 'vitest'
import { StrangerCounts } from './stranger-counts.ts'
import { StrangerRates } from './stranger-rates.ts'

describe('rates of strangers', () => {
  it('are each their own', () => {
    const rates = new StrangerRates({ perSecond: 1, burst: 2 })
    expect([rates.take('a', 0), rates.take('a', 0), rates.take('a', 0)]).toEqual([true, true, false])
    expect(rates.take('b', 0)).toBe(true)
    expect([rates.retryAfterMs('a', 0), rates.retryAfterMs('b', 0), rates.retryAfterMs('c', 0)]).toEqual([1_000, 0, 0])
    expect(rates.take('a', 1_000)).toBe(true)
  })

  it('are none for whom nobody counts', () => {
    const rates = new StrangerRates({ perSecond: 0, burst: 0 })
    expect([rates.take(undefined, 0), rates.retryAfterMs(undefined, 0), rates.size]).toEqual([true, 0, 0])
  })

  it('forget whoever has been quiet long enough: a million strangers leave no trace', () => {
    const rates = new StrangerRates({ perSecond: 50, burst: 200 })
    let most = 0
    for (let index = 0; index < 1_000_000; index++) {
      // Ten thousand a second, each only once: a bucket is full again after 20 ms.
      rates.take(`stranger ${index}`, index / 10)
      most = Math.max(most, rates.size)
    }
    expect(most).toBeLessThanOrEqual(1_025)
  })

  it('remember whoever still counts, however many others come', () => {
    const rates = new StrangerRates({ perSecond: 0.5, burst: 30 })
    for (let count = 0; count < 30; count++) rates.take('guesser', 0)
    for (let index = 0; index < 100_000; index++) rates.take(`stranger ${index}`, index / 100)
    expect(rates.take('guesser', 1_000)).toBe(false)
  })
})

describe('counts of strangers', () => {
  it('are kept for as long as there is something to count', () => {
    const counts = new StrangerCounts()
    for (const stranger of ['a', 'a', 'b', undefined]) counts.add(stranger)
    expect([counts.total, counts.of('a'), counts.of('b'), counts.size]).toEqual([4, 2, 1, 2])
    for (const stranger of ['a', 'a', 'b', undefined]) counts.remove(stranger)
    expect([counts.total, counts.of('a'), counts.size]).toEqual([0, 0, 0])
  })
})
