import { describe, expect, it } from 'vitest'
import { createCodec } from './create-codec.ts'

class Box {
  readonly inside: unknown
  constructor(inside: unknown) {
    this.inside = inside
  }
}

const codec = createCodec({
  types: {
    Box: {
      is: (value): value is Box => value instanceof Box,
      encode: ({ inside }) => ({ inside }),
      decode: (json) => new Box((json as { readonly inside: unknown }).inside), // by the encoding above
    },
  },
})

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`

describe('a value that was received', () => {
  it('X10: nests as deep as one that is sent, and no deeper', () => {
    for (const levels of [0, 1, 64]) {
      const text = levels === 0 ? '1' : nested(levels)
      const value = codec.decode(JSON.parse(text), undefined)
      expect(codec.encode(value).json).toBe(text)
    }
    for (const text of [nested(65), `{"a":[${nested(63)}]}`, `[1,"x",null,${nested(64)}]`, nested(20_000)]) {
      const message = new TypeError('The value is nested more than 64 deep.')
      expect(() => codec.decode(JSON.parse(text), undefined)).toThrow(message)
      expect(() => codec.decode(JSON.parse(text), { values: ['undefined'], v: 1 })).toThrow(message)
    }
  })

  const wraps: Record<string, (inner: unknown) => unknown> = {
    arrays: (inner) => [inner],
    objects: (inner) => ({ inner }),
    maps: (inner) => new Map([['inner', inner]]),
    'keys of maps': (inner) => new Map([[inner, 1]]),
    sets: (inner) => new Set([inner]),
    causes: (inner) => new Error('outer', { cause: inner }),
    boxes: (inner) => new Box(inner),
  }
  const leaves = [1, undefined, new Date(0), new Map([[1, 2]]), new Error('inner'), new Uint8Array(1), new Box(1), {}]

  it.each(Object.keys(wraps))('may be whatever a sender may write, in %s', (name) => {
    for (const leaf of [...leaves, new Blob(['x']), new File(['x'], 'y')]) {
      let sent = 0
      try {
        for (let value: unknown = leaf; ; sent++, value = wraps[name]?.(value)) {
          const { json, meta, attachments } = codec.encode(value)
          const bytes = attachments?.map((part) => (part instanceof Uint8Array ? part : new Uint8Array(1)))
          codec.decode(JSON.parse(json), meta && JSON.parse(meta), bytes)
        }
      } catch (error) {
        // The sender's own refusal, and none of the reader.
        expect(String(error)).toContain('or refers to itself')
      }
      expect(sent).toBeGreaterThan(30)
    }
  })
})
