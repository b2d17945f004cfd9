import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isHotlineError } from '../contract/hotline-error.ts'
import { Backlog } from './backlog.ts'

describe('a backlog', () => {
  it('never holds more than its capacity, and of a source that waits one push at a time beside it', () => {
    const policies = fc.constantFrom('block', 'drop-oldest', 'latest', 'fail')
    const acts = fc.array(fc.boolean(), { maxLength: 60 })
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 6 }), acts, (whenFull, capacity, pushes) => {
        const backlog = new Backlog<number>(whenFull, capacity)
        for (const isPush of pushes) {
          if (!isPush && backlog.size > 0) backlog.take()
          if (isPush && (whenFull !== 'block' || backlog.size <= capacity)) thrownBy(() => backlog.push(1))
          expect(backlog.size).toBeLessThanOrEqual(whenFull === 'block' ? capacity + 1 : capacity)
        }
      }),
    )
  })

  it('forgets the oldest that has no room, and says once how many', () => {
    const backlog = new Backlog<number>('drop-oldest', 2)
    for (const entry of [1, 2, 3, 4, 5]) void backlog.push(entry)
    expect(backlog.size).toBe(2)
    expect(backlog.takeMissed()).toBe(3)
    expect(backlog.takeMissed()).toBe(0)
    expect([backlog.take(), backlog.take()]).toEqual([4, 5])
  })

  it('lets whoever pushes wait until its own entry has room', async () => {
    const backlog = new Backlog<number>('block', 2)
    const told: string[] = []
    expect([backlog.push(1), backlog.push(2)]).toEqual([undefined, undefined])
    void backlog.push(3)?.then(() => told.push('3 has room'))
    void backlog.push(4)?.then(() => told.push('4 has room'))
    backlog.take()
    await undefined
    expect(told).toEqual(['3 has room'])
    backlog.take()
    await undefined
    expect(told).toEqual(['3 has room', '4 has room'])
    expect([backlog.take(), backlog.take(), backlog.size]).toEqual([3, 4, 0])
  })

  it('refuses more than 256 pushes that wait: then nobody waits for them', () => {
    const backlog = new Backlog<number>('block', 1)
    for (let entry = 0; entry < 257; entry++) void backlog.push(entry)
    expect(() => backlog.push(257)).toThrow(
      "257 items waited for their reader, since its source doesn't wait for push()",
    )
    expect(backlog.size).toBe(257)
  })

  it('refuses what has no room where it may not forget', () => {
    const backlog = new Backlog<number>('fail', 1)
    void backlog.push(1)
    const refusal = thrownBy(() => backlog.push(2))
    expect(isHotlineError(refusal, 'SLOW_CONSUMER')).toBe(true)
    expect(backlog.size).toBe(1)
  })

  it('lets nobody wait for what is forgotten', async () => {
    const backlog = new Backlog<number>('block', 1)
    void backlog.push(1)
    const waiting = [backlog.push(2), backlog.push(3)]
    backlog.forget()
    await Promise.all(waiting)
    expect(backlog.size).toBe(0)
  })
})

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (thrown) {
    return thrown
  }
  return undefined
}
