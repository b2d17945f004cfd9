import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUrl } from './parse-url.ts'

describe('a URL', () => {
  it.each([
    ...['https://a.example/', 'http://user:word@xn--tda.example:8080/a@b/@c?d=@#@', 'mailto:a@b.example,c@d.example'],
    ...[
      'data:text/plain,a b',
      'file:///etc/hosts',
      'urn:isbn:1',
      'custom://host@x/y',
      `https://a/${'x'.repeat(10_000)}`,
    ],
  ])('is read as it was written: %s', (text) => expect(parseUrl(text).href).toBe(text))

  it('is read whatever it is', () => {
    const parts = { withFragments: true, withQueryParameters: true, authoritySettings: { withUserInfo: true } }
    fc.assert(
      fc.property(fc.webUrl(parts), (text) => {
        const { href } = new URL(text)
        expect(parseUrl(href).href).toBe(href)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['a host in another script', 'https://ü.example'],
    ['a host too long', `https://${'a'.repeat(513)}`],
    ['the same without slashes', `https:${'a'.repeat(513)}`],
    ['the same with others', `wss:\\/\\${'a'.repeat(513)}`],
    ['more users than one', 'https://a@b@c'],
    ['a line in it', 'https://a.example/\n'],
    ['a space before it', ' https://a.example/'],
    ['nothing in it', ''],
    ['a path alone', '/a'],
  ])('is refused with %s', (_, text) => expect(() => parseUrl(text)).toThrow(TypeError))
})
