import { describe, expect, test } from 'vitest'
import { Random } from './random.ts'

describe('seeded chance', () => {
  test('gives the same numbers for the same seed, and others for its neighbour', () => {
    const draw = (seed: number) => {
      const random = new Random(seed)
      return Array.from({ length: 20 }, () => random.next())
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  test('spreads evenly from 0 up to 1', () => {
    const random = new Random(5)
    const tenths = new Array<number>(10).fill(0)
    for (let draws = 0; draws < 100_000; draws++) {
      const tenth = Math.floor(random.next() * 10)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    for (const share of tenths) expect(Math.abs(share - 10_000)).toBeLessThan(400)
  })

  test('picks names as often as their weights say, and never one of weight 0', () => {
    const random = new Random(6)
    const counts = { often: 0, seldom: 0, never: 0 }
    for (let draws = 0; draws < 10_000; draws++) counts[random.weighted({ often: 9, seldom: 1, never: 0 })]++
    expect(counts.never).toBe(0)
    expect(counts.often / counts.seldom).toBeGreaterThan(7)
    expect(counts.often / counts.seldom).toBeLessThan(11)
  })

  test('has forks whose draws leave the others as they are', () => {
    const [one, other] = [new Random(7), new Random(7)]
    const fork = one.fork()
    other.fork()
    fork.next()
    expect(one.next()).toBe(other.next())
  })
})
