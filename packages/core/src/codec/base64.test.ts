import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64, toBase64 } from './base64.ts'

describe('base64', () => {
  it('is what everybody else writes, and comes back as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = toBase64(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64'))
        expect(fromBase64(text)).toEqual(bytes)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ...['A', 'AA', 'AAA', 'AA=A', '====', 'A===', '=AAA', 'AAAA=', 'A A=', 'AA-_', 'AAé=', 'AAA\u{1f600}'],
    // What the last character says beyond the bytes must be nothing.
    ...['AB==', 'AAB='],
  ])('of %j is refused', (text) => expect(fromBase64(text)).toBeUndefined())
})
