import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GrowingBytes } from './growing-bytes.ts'

const KIB = 1024

/** A part as it comes: somewhere in a buffer that has other bytes around it. */
function partOf(size: number, around: number, value = 1): Uint8Array {
  return new Uint8Array(new ArrayBuffer(size + around), around >> 1, size).fill(value)
}

/** What comes of a part whose buffer is written to afterwards: whether it was copied when it came. */
function isCopied(part: Uint8Array): boolean {
  const growing = new GrowingBytes()
  growing.append(part)
  part.fill(2)
  return growing.take()[0] === 1
}

describe('bytes that grow', () => {
  it('are in the end what came, in a buffer that has nothing else, however they came; and then begin anew', () => {
    const part = fc.record({
      size: fc.constantFrom(0, 1, 100, 16 * KIB - 1, 16 * KIB, 40 * KIB),
      around: fc.constantFrom(0, 20, 39 * KIB, 200 * KIB),
      value: fc.integer({ min: 0, max: 255 }),
    })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.integer({ min: 0, max: 12 }), (parts, takenAfter) => {
        const growing = new GrowingBytes()
        for (const some of [parts.slice(0, takenAfter), parts.slice(takenAfter)]) {
          const expected = some.map(({ size, around, value }) => partOf(size, around, value))
          for (const bytes of expected) growing.append(bytes)
          const all = Buffer.concat(expected)
          expect(growing.size).toBe(all.length)
          const taken = growing.take()
          expect([taken.byteLength, taken.buffer.byteLength, all.equals(taken)]).toEqual([all.length, all.length, true])
          expect(growing.size).toBe(0)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('are copied once, in the end, where they came alone', () => {
    expect(isCopied(partOf(32 * KIB, 0))).toBe(false)
    expect(isCopied(partOf(32 * KIB, 256))).toBe(false)
  })

  it('keep nothing of a buffer that has something else: somebody may transfer it', () => {
    expect(isCopied(partOf(32 * KIB, 257))).toBe(true)
    expect(isCopied(partOf(20 * KIB, 100 * KIB))).toBe(true)
  })

  it('keep nothing by itself that is small', () => {
    expect(isCopied(partOf(16 * KIB - 1, 0))).toBe(true)
    expect(isCopied(partOf(1, 0))).toBe(true)
  })
})
