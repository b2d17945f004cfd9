import { describe, expect, it } from 'vitest'
import { parseJson } from './parse-json.ts'
import { ProtocolError } from './protocol-error.ts'

describe('parsing JSON', () => {
  it.each([
    ['as it is', '[{"a":{"__proto__":{"isAdmin":true}}}]'],
    ['with its letters escaped', '[{"\\u005f_pr\\u006fto__":{"isAdmin":true}}]'],
    ['with other letters escaped', '[{"__\\u0070roto__":1}]'],
    ['below a hundred thousand brackets', `${'['.repeat(100_000)}{"__proto__":1}${']'.repeat(100_000)}`],
  ])('X16: refuses the key __proto__ %s', (_, text) => {
    expect(() => parseJson(text, 'A frame')).toThrow(
      new ProtocolError('BAD_FRAME', 'A frame has the key "__proto__": leave it out.'),
    )
  })

  it.each(['["__proto__"]', '["\\u0050"]', '{"proto":1}'])('takes %s, where that is no key', (text) => {
    expect(parseJson(text, 'A frame')).toEqual(JSON.parse(text))
  })

  it('says how long the text was that is no JSON, and not what was in it', () => {
    expect(() => parseJson('{token', 'A frame')).toThrow("A frame of 6 characters isn't JSON.")
  })
})
