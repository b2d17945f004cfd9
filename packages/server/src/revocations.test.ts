import { describe, expect, it } from 'vitest'
import { Revocations } from './revocations.ts'

describe('a revocation', () => {
  it('is of whoever was asked about before it, and of nobody else', () => {
    const revocations = new Revocations(10_000)
    revocations.add('ann', 500)
    const isOf = (principal: string | undefined, askedAt: number) => revocations.isOf({ principal, askedAt })
    expect([isOf('ann', 499), isOf('ann', 500), isOf('ann', 501)]).toEqual([true, true, false])
    expect([isOf('bob', 499), isOf(undefined, 499)]).toEqual([false, false])
  })

  it('is forgotten when nobody can be asked about any more who was before it', () => {
    const revocations = new Revocations(10_000)
    for (let now = 0; now <= 100_000; now += 1_000) revocations.add(`user ${now}`, now)
    expect(revocations.size).toBe(11)
    revocations.add('user 90000', 101_000)
    revocations.add('ann', 111_000)
    expect(revocations.size).toBe(2)
    expect(revocations.isOf({ principal: 'user 90000', askedAt: 100_500 })).toBe(true)
  })
})
