import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CallIds } from './call-ids.ts'

function accepts(ids: CallIds, id: number): boolean {
  try {
    ids.use(id)
    return true
  } catch (error) {
    expect(error).toMatchObject({ close: 'BAD_FRAME' })
    return false
  }
}

describe('call ids', () => {
  it.each([
    ['odd', [1, 3, 5], 3, 'expected an odd one from 7'],
    ['odd', [], 2, 'expected an odd one from 1'],
    ['even', [], 1, 'expected an even one from 2'],
    ['even', [2, 4], 4, 'expected an even one from 6'],
    ['odd', [1], 516, 'expected an odd one from 3'],
    ['odd', [1], Number.MAX_SAFE_INTEGER, 'expected an odd one from 3'],
  ] as const)('D9, X20: are %s ones, each once: after %j, %i breaks the protocol', (parity, used, id, message) => {
    const ids = new CallIds(parity)
    for (const earlier of used) ids.use(earlier)
    expect(() => ids.use(id)).toThrow(`Message "call" has the id ${id}: ${message}.`)
  })

  it('D9, X20: may leave 256 out at once, and not one more', () => {
    expect(accepts(new CallIds('odd'), 1 + 2 * 257)).toBe(false)
    const ids = new CallIds('odd')
    expect(accepts(ids, 1 + 2 * 256)).toBe(true)
    expect([accepts(ids, 1 + 2 * 258), accepts(ids, 1 + 2 * 257)]).toEqual([false, true])
  })

  it('are used by calls that have begun, and by none that others have overtaken', () => {
    const ids = new CallIds('odd')
    ids.use(1)
    ids.use(5)
    for (const used of [1, 5]) expect(() => ids.checkUsed(used, 'end')).not.toThrow()
    for (const unused of [2, 3, 7]) {
      const message = `Message "end" is for call ${unused}: expected one that has begun.`
      expect(() => ids.checkUsed(unused, 'end')).toThrow(message)
    }
    ids.use(3)
    expect(() => ids.checkUsed(3, 'end')).not.toThrow()
  })

  it('D9, X20: are taken once each, in any order that leaves out 256 at most', () => {
    const jump = fc.oneof(fc.integer({ min: -6, max: 8 }), fc.integer({ min: -600, max: 600 }))
    fc.assert(
      fc.property(
        fc.constantFrom('odd' as const, 'even' as const),
        fc.array(jump, { maxLength: 60, size: 'max' }),
        (parity, jumps) => {
          const ids = new CallIds(parity)
          const first = parity === 'odd' ? 1 : 2
          const used = new Set<number>()
          let highest = first - 2
          for (const jump of jumps) {
            const id = Math.max(1, highest + jump)
            const isOfParity = id % 2 === first % 2
            const leftOut = (Math.max(highest, id) - first) / 2 + 1 - used.size - 1
            const expected = isOfParity && !used.has(id) && (id < highest || leftOut <= 256)
            expect(accepts(ids, id), `${id} after ${[...used]}`).toBe(expected)
            if (!expected) continue
            used.add(id)
            highest = Math.max(highest, id)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
