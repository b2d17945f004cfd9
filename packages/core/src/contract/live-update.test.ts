import { describe, expect, it } from 'vitest'
import { nestingOf } from '../patch/nesting.ts'
import { applyUpdate, type LiveUpdate, updateOf } from './live-update.ts'

describe('an update of a live query', () => {
  it.each([
    ['objects', (inner: unknown) => ({ inner, beside: 'x'.repeat(100) })],
    ['arrays', (inner: unknown) => [inner, 'x'.repeat(100)]],
    ['threads', (inner: unknown) => ({ text: 'x'.repeat(100), replies: [{ id: 1, text: 'y' }, inner] })],
    ['maps', (inner: unknown) => ({ inner: new Map([['inner', inner]]), beside: 'x'.repeat(100) })],
  ])('nests no deeper than may be sent, however deep a change lies in %s', (_, wrap) => {
    const nested = (levels: number, leaf: unknown): unknown => (levels === 0 ? leaf : wrap(nested(levels - 1, leaf)))
    let partial = 0
    for (let levels = 0; nestingOf(nested(levels, 1)) < 64; levels++) {
      for (const leaves of [
        [1, 2],
        [{ id: 1 }, { id: 2 }],
        [[], [{ a: {} }]],
        [[1], [1, { id: 2 }]],
      ]) {
        const [before, after] = leaves.map((leaf) => nested(levels, leaf))
        if (nestingOf(after) > 63) continue
        const update = updateOf(before, after)
        expect(nestingOf(update)).toBeLessThanOrEqual(64)
        expect(applyUpdate(before, update as LiveUpdate<unknown>)).toStrictEqual(after)
        if (update?.patch !== undefined) partial++
      }
    }
    expect(partial).toBeGreaterThan(10)
  })
})
