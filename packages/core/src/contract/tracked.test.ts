import { describe, expect, it, vi } from 'vitest'
import { gap, isTracked, tracked, trackedId } from './tracked.ts'

describe('tracked', () => {
  it('gives an item an id and keeps its value', () => {
    const value = { a: 1 }
    const item = tracked('7', value)
    expect(isTracked(item)).toBe(true)
    expect(trackedId(item)).toBe('7')
    expect(item.value).toBe(value)
  })

  it('takes an empty id and one of 256 characters, and no longer one', () => {
    expect(trackedId(tracked('', 1))).toBe('')
    expect(trackedId(tracked('x'.repeat(256), 1))).toHaveLength(256)
    expect(() => tracked('x'.repeat(257), 1)).toThrow('may have 256 characters, this one has 257')
  })

  it('refuses an id that is no string', () => {
    // @ts-expect-error the id is a number
    expect(() => tracked(7, 1)).toThrow("An event's id must be a string, not number: write tracked(String(id), value).")
  })
})

describe('gap', () => {
  it('says how many items are missing, where that is known', () => {
    expect([gap(), gap(0), gap(7)].map(({ isGap, missed }) => [isGap, missed])).toEqual([
      [true, undefined],
      [true, 0],
      [true, 7],
    ])
  })

  it.each([-1, 1.5, Number.NaN, 2 ** 53])(
    'cannot be of %s items: the other end would take it for a broken frame',
    (missed) => {
      expect(() => gap(missed)).toThrow(`A gap of ${missed} items can't be`)
    },
  )
})

describe('isTracked', () => {
  it.each([[null], [undefined], ['x'], [{ '~trackedId': '1', value: 1 }]])(
    'says no to %o, which has no mark',
    (item) => {
      expect(isTracked(item)).toBe(false)
    },
  )

  it('knows the items of another copy of the package', async () => {
    vi.resetModules()
    const other = await import('./tracked.ts')
    expect(other.tracked).not.toBe(tracked)
    expect(isTracked(other.tracked('1', 1))).toBe(true)
  })
})
