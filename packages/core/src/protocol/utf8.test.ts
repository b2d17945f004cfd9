import fc from 'fast-check'
import { describe, it } from 'vitest'
import { utf8Bytes } from './utf8.ts'

describe('utf8Bytes', () => {
  it('counts what an encoder writes, lone surrogates included', () => {
    const units = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd7f0, max: 0xe010 }), fc.constant(0x61)),
    )
    const encoder = new TextEncoder()
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes)
        return utf8Bytes(text) === encoder.encode(text).length
      }),
    )
  })
})
