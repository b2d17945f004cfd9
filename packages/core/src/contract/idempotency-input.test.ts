import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sortedJson } from './idempotency-input.ts'

/** The same value with the names of every object in another order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned)
  if (typeof value !== 'object' || value === null) return value
  // Not through assignment, which would lose a name like `__proto__`.
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, entry]) => [name, turned(entry)]),
  )
}

describe('the text of an input', () => {
  it('is the same whatever the order of names, and says the same as JSON does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value))
        expect(sortedJson(turned(json))).toBe(sortedJson(json))
        expect(JSON.parse(sortedJson(json))).toEqual(json)
      }),
    )
  })

  it('differs where values differ, a missing one included', () => {
    const values = [
      undefined,
      null,
      'undefined',
      'null',
      0,
      '0',
      [],
      {},
      [[]],
      [{}],
      { a: 1 },
      { a: '1' },
      [1, 2],
      [2, 1],
    ]
    expect(new Set(values.map(sortedJson)).size).toBe(values.length)
    expect(sortedJson(JSON.parse('{"__proto__":1}'))).not.toBe(sortedJson({}))
  })
})
