import { describe, expect, it } from 'vitest'
import { parseJson, SERVER_JSON } from './parse-json.ts'
import { ProtocolError } from './protocol-error.ts'

describe('parsing JSON', () => {
  it.each([
    ['as it is', '[{"a":{"__proto__":{"isAdmin":true}}}]'],
    ['with its letters escaped', '[{"\\u005f_pr\\u006fto__":{"isAdmin":true}}]'],
    ['with other letters escaped', '[{"__\\u0070roto__":1}]'],
    ['below eight thousand brackets', `${'['.repeat(8_000)}{"__proto__":1}${']'.repeat(8_000)}`],
  ])('X16: refuses the key __proto__ %s', (_, text) => {
    expect(() => parseJson(text, 'A frame')).toThrow(
      new ProtocolError('BAD_FRAME', 'A frame has the key "__proto__": leave it out.'),
    )
  })

  it('X16: refuses the key __proto__ whichever one of its letters is escaped, and however', () => {
    const name = '__proto__'
    for (let at = 0; at < name.length; at++) {
      const hex = name.charCodeAt(at).toString(16).padStart(4, '0')
      for (const written of [hex, hex.toUpperCase()]) {
        const key = `${name.slice(0, at)}\\u${written}${name.slice(at + 1)}`
        expect(() => parseJson(`[{"${key}":1}]`, 'A frame')).toThrow('has the key "__proto__"')
      }
    }
  })

  it.each(['["__proto__"]', '["\\u0050"]', '{"proto":1}'])('takes %s, where that is no key', (text) => {
    expect(parseJson(text, 'A frame')).toEqual(JSON.parse(text))
  })

  it('X10, X15: refuses too many values and brackets, in text that is long enough to hold many', () => {
    expect(() => parseJson('['.repeat(200_000), 'A frame')).toThrow(
      new ProtocolError('BAD_FRAME', 'A frame nests 161 deep: expected at most 160.'),
    )
    const many = JSON.stringify(Array(50_001).fill(0))
    expect(() => parseJson(many, 'A frame')).toThrow(
      'A frame has 50001 values and keys or more: expected at most 50000.',
    )
    expect(parseJson(many, 'A frame', SERVER_JSON)).toHaveLength(50_001)
  })

  it('X10: takes text that is too short to hold too many values, however deep it nests', () => {
    const deep = '['.repeat(37_000) + ']'.repeat(37_000)
    expect(() => parseJson(deep, 'A frame')).not.toThrow()
    const dense = `[${'[],'.repeat(24_998)}[]]`
    expect(dense.length).toBeLessThan(75_000)
    expect(parseJson(dense, 'A frame')).toHaveLength(24_999)
    expect(() => parseJson(`[${'[],'.repeat(25_000)}[]]`, 'A frame')).toThrow('has 50001 values and keys or more')
  })

  it('says how long the text was that is no JSON, and not what was in it', () => {
    expect(() => parseJson('{token', 'A frame')).toThrow("A frame of 6 characters isn't JSON.")
  })
})
