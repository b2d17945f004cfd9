import { describe, expect, it } from 'vitest'
import type { Codec } from '../codec/codec.ts'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { CLIENT_JSON, parseJson } from '../protocol/parse-json.ts'
import { encodeValue } from './encode-value.ts'
import { withinLimits } from './within-limits.ts'

const codec = withinLimits(superjsonCodec, CLIENT_JSON)

describe('a codec within limits', () => {
  it.each([
    ['as many values as the reader takes', Array(49_000).fill(10)],
    ['long text that says little', 'x'.repeat(500_000)],
    ['rich values', Array(4_000).fill(new Date(0))],
  ])('writes what the codec does: %s', (_, value) => {
    const text = codec.encode(value)
    expect(text).toEqual(superjsonCodec.encode(value))
    const message = `["call",1,"a",${text.json},{"meta":${text.meta ?? null}}]`
    expect(parseJson(message, 'A message', CLIENT_JSON)).toHaveLength(5)
  })

  it.each([
    ['values', Array(49_001).fill(1)],
    ['keys', Object.fromEntries(Array.from({ length: 25_000 }, (_, index) => [`k${index}`, 1]))],
    ['annotations beside them', Array.from({ length: 9_000 }, () => ({ a: new Date(0) }))],
  ])('refuses more %s than the reader takes, for its own call alone', (_, value) => {
    expect(() => encodeValue(codec, value)).toThrow(
      expect.objectContaining({
        code: 'TOO_LARGE',
        message:
          'The value has 49001 values and keys or more: expected at most 49000. Send less at once, or a stream of items.',
      }),
    )
    expect(() => codec.encodeInline?.(value)).toThrow('Send less at once')
  })

  it('refuses annotations alone that are more than the reader takes', () => {
    const annotated: Codec = {
      encode: () => ({ json: '0', meta: JSON.stringify(Array(50_000).fill(0)) }),
      decode: (json) => json,
    }
    const limited = withinLimits(annotated, CLIENT_JSON)
    expect(() => limited.encode(0)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })

  it('needs no inline form of the codec, and keeps its `this`', () => {
    class Plain implements Codec {
      readonly #mark = '!'
      encode(value: unknown) {
        return { json: JSON.stringify(`${value}${this.#mark}`), meta: undefined }
      }
      decode(json: unknown) {
        return `${json}${this.#mark}`
      }
    }
    const plain = withinLimits(new Plain(), CLIENT_JSON)
    expect(plain.encode(1).json).toBe('"1!"')
    expect(plain.encodeInline?.(1).json).toBe('"1!"')
    expect(plain.decode('a', undefined)).toBe('a!')
  })
})
