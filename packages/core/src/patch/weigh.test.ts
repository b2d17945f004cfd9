import { describe, expect, it } from 'vitest'
import { weigh } from './weigh.ts'

describe('the weight of a value', () => {
  it('is about its length as JSON', () => {
    const value = {
      list: Array.from({ length: 50 }, (_, id) => ({ id, title: `todo ${id}`, isDone: false, at: null })),
    }
    const weight = weigh(value, Number.POSITIVE_INFINITY)
    expect(weight / JSON.stringify(value).length).toBeGreaterThan(0.8)
    expect(weight / JSON.stringify(value).length).toBeLessThan(1.25)
  })

  it('counts bytes, and what is in maps and sets', () => {
    expect(weigh(new Uint8Array(1_000), 5_000)).toBe(1_000)
    expect(weigh(new Set(['x'.repeat(500)]), 5_000)).toBeGreaterThan(500)
    expect(weigh(new Map([['x'.repeat(500), 'y'.repeat(500)]]), 5_000)).toBeGreaterThan(1_000)
  })

  it('is known as soon as it is enough', () => {
    let looked = 0
    const costly = Array.from({ length: 1_000 }, () => ({
      get n() {
        return ++looked
      },
    }))
    expect(weigh(costly, 100)).toBe(100)
    expect(looked).toBeLessThan(20)
  })
})
