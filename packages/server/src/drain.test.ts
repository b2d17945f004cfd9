import { describe, expect, it } from 'vitest'
import { resolveDrain } from './drain.ts'

describe('how a server drains', () => {
  it('has a default for each time, and a window that never outlasts a deadline which stands alone', () => {
    expect(resolveDrain()).toEqual({ windowMs: 5_000, deadlineMs: 25_000 })
    expect(resolveDrain({ deadlineMs: 3_000 })).toEqual({ windowMs: 3_000, deadlineMs: 3_000 })
    expect(resolveDrain({ deadlineMs: 60_000 })).toEqual({ windowMs: 5_000, deadlineMs: 60_000 })
    expect(resolveDrain({ windowMs: 0, deadlineMs: 0 })).toEqual({ windowMs: 0, deadlineMs: 0 })
  })

  it('keeps endless times sayable on the wire', () => {
    const endless = Number.POSITIVE_INFINITY
    expect(resolveDrain({ deadlineMs: endless })).toEqual({ windowMs: 5_000, deadlineMs: 2_147_483_647 })
    expect(resolveDrain({ windowMs: endless, deadlineMs: endless }).windowMs).toBe(2_147_483_647)
  })

  it.each([
    [{ windowMs: 6_000, deadlineMs: 5_000 }, '"windowMs" is 6000: give at most the 5000 ms of "deadlineMs".'],
    [{ windowMs: 30_000 }, '"windowMs" is 30000: give at most the 25000 ms of "deadlineMs".'],
    [{ windowMs: -1 }, '"windowMs" is -1: give a number of milliseconds from 0.'],
    [{ windowMs: Number.NaN }, '"windowMs" is NaN: give a number of milliseconds from 0.'],
    [{ deadlineMs: Number.NaN }, '"deadlineMs" is NaN: give a number of milliseconds from 0.'],
    [{ deadlineMs: '5s' as never }, '"deadlineMs" is 5s: give a number of milliseconds from 0.'],
  ])('refuses %j', (options, message) => {
    expect(() => resolveDrain(options)).toThrow(new TypeError(message))
  })
})
