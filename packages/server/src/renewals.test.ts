import { describe, expect, it } from 'vitest'
import { Renewals } from './renewals.ts'

describe('newer credentials', () => {
  it('X24: may come early ten times, then once in ten seconds', () => {
    const renewals = new Renewals()
    const long = { givenAt: 0, expiresAt: 3_600_000 }
    expect(Array.from({ length: 11 }, () => renewals.may(long, 0))).toEqual([...Array(10).fill(true), false])
    expect([9_999, 10_000, 10_000].map((now) => renewals.may(long, now))).toEqual([false, true, false])
  })

  it('may come as often as they are due, however short they hold', () => {
    const renewals = new Renewals()
    for (let now = 0; now < 100_000; now += 70) {
      expect(renewals.may({ givenAt: now, expiresAt: now + 100 }, now + 70)).toBe(true)
    }
  })

  it('are looked at one after another, and of those that wait only the newest', async () => {
    const renewals = new Renewals()
    const asked: unknown[] = []
    let answer = () => {}
    const ask = (auth: unknown) => {
      asked.push(auth)
      return new Promise<void>((resolve) => {
        answer = resolve
      })
    }
    const looking = renewals.look('first', ask)
    for (const auth of ['second', 'third', 'fourth']) await renewals.look(auth, ask)
    expect(asked).toEqual(['first'])
    answer()
    await new Promise((resolve) => setImmediate(resolve))
    expect(asked).toEqual(['first', 'fourth'])
    answer()
    await looking
    void renewals.look('fifth', ask)
    expect(asked).toEqual(['first', 'fourth', 'fifth'])
  })
})
