import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOSE_CODES, closeReason, mayReconnect } from './close-code.ts'
import { printable } from './printable.ts'

describe('a close code', () => {
  it('B9: is final from 4400 to 4499, and nothing else is, whoever sent it', () => {
    for (let code = 0; code <= 5_000; code++) expect(mayReconnect(code)).toBe(code < 4400 || code > 4499)
  })

  it.each([
    ['NORMAL', true],
    ['GOING_AWAY', true],
    ['INTERNAL', true],
    ['CREDENTIALS', true],
    ['HELLO_TIMEOUT', true],
    ['SUPERSEDED', true],
    ['SILENT', true],
    ['AUTH_TIMEOUT', true],
    ['FLOOD', true],
    ['BAD_FRAME', false],
    ['FORBIDDEN', false],
    ['HELLO_EXPECTED', false],
    ['HELLO_TWICE', false],
    ['VERSION', false],
  ] as const)('B9: %s lets a client come back: %s', (name, may) => {
    expect(mayReconnect(CLOSE_CODES[name])).toBe(may)
  })

  it('stands for one thing', () => {
    const codes = Object.values(CLOSE_CODES)
    expect(new Set(codes).size).toBe(codes.length)
  })
})

describe('a close reason', () => {
  it('X33: is the longest beginning that fits 123 bytes and cuts no character', () => {
    const encoder = new TextEncoder()
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200, size: 'max' }), (text) => {
        const reason = closeReason(text)
        const shown = printable(text)
        expect(shown.startsWith(reason)).toBe(true)
        expect(encoder.encode(reason).length).toBeLessThanOrEqual(123)
        const next = [...shown.slice(reason.length)][0]
        if (next !== undefined) expect(encoder.encode(reason + next).length).toBeGreaterThan(123)
      }),
    )
  })
})
