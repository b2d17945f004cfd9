import { describe, expect, it } from 'vitest'
import { Debt, isMuch } from './debt.ts'

const MIB = 1024 * 1024

describe('what is kept for a peer', () => {
  it('is much above 4 MiB', () => {
    expect([isMuch(4 * MIB), isMuch(4 * MIB + 1)]).toEqual([false, true])
  })

  it('is too much after 5 s where it is above 16 MiB', () => {
    const debt = new Debt(60_000)
    expect(debt.judge(16 * MIB + 1, 60_000)).toBeUndefined()
    expect(debt.dueAt).toBe(65_000)
    expect(debt.judge(16 * MIB + 1, 65_000)).toContain('took nothing for 5 s')
  })

  it('is too much after 10 s in which nothing of it was taken', () => {
    const debt = new Debt(1_000)
    debt.judge(6 * MIB, 2_000)
    expect(debt.dueAt).toBe(11_000)
    expect(debt.judge(5 * MIB, 10_999)).toBeUndefined()
    expect(debt.judge(5 * MIB, 11_000)).toContain('took nothing for 10 s')
  })
})
