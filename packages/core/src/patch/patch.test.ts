import { describe, expect, it } from 'vitest'
import { diff } from './diff.ts'
import { patch } from './patch.ts'

describe('patch', () => {
  it('keeps every part that is the same, and changes nothing in the value before', () => {
    const before = {
      list: [
        { id: 1, tags: ['a'] },
        { id: 2, tags: ['b'] },
      ],
      other: { deep: [1] },
    }
    const after = {
      list: [
        { id: 1, tags: ['a'] },
        { id: 2, tags: ['b', 'c'] },
      ],
      other: { deep: [1] },
    }
    const copy = structuredClone(before)
    const change = diff(before, after)
    const patched = patch(before, change ?? { is: undefined }) as typeof before
    expect(patched).toEqual(after)
    expect(before).toEqual(copy)
    expect(patched.other).toBe(before.other)
    expect(patched.list[0]).toBe(before.list[0])
    expect(patched.list[1]).not.toBe(before.list[1])
  })

  it('refuses a change of another value, by what is wrong with it', () => {
    expect(() => patch(1, { rows: [] })).toThrow("A change of rows doesn't fit what is there, of type number.")
    expect(() => patch([1], { in: {} })).toThrow("A change of members doesn't fit what is there")
    expect(() => patch([1], { rows: [[0, 2]] })).toThrow('A change takes 2 rows from 0 of an array of 1.')
    expect(() => patch([1], { rows: [[-1, 1]] })).toThrow('A change takes 1 rows from -1 of an array of 1.')
    expect(() => patch([1], { rows: [[0, Number.NaN]] })).toThrow('A change takes NaN rows')
    expect(() => patch([1], { rows: [[0, 0.5]] })).toThrow('A change takes 0.5 rows')
  })

  it('lets no change make more rows of those there than there are', () => {
    const twice = {
      rows: [
        [0, 2],
        [0, 2],
      ],
    } as const
    expect(() => patch([1, 2], twice)).toThrow('A change takes 2 rows from 0 of an array of 2.')
  })

  it('defines a member called __proto__, and gives nothing another prototype', () => {
    const change = JSON.parse('{"in":{"__proto__":{"is":{"isAdmin":true}}}}')
    const patched = patch({}, change) as { isAdmin?: boolean }
    expect(patched.isAdmin).toBeUndefined()
    expect(Object.keys(patched)).toEqual(['__proto__'])
  })
})
