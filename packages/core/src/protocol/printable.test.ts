import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable, printableLines } from './printable.ts'

/** Written anew, not taken from the code: what may never reach a terminal. */
const isOdd = (point: number) =>
  point < 0x20 ||
  (point >= 0x7f && point < 0xa0) ||
  (point >= 0xd800 && point < 0xe000) ||
  [0x2028, 0x2029, 0x202e, 0x2066].includes(point)

const pointsOf = (text: string) => [...text].map((character) => character.codePointAt(0) ?? 0)

/** Anything at all, with many of the characters that matter. */
const text = fc.oneof(
  fc.string({ unit: 'binary', size: 'max', maxLength: 100 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit))).map((units) => units.join('')),
  fc
    .array(fc.constantFrom('\u001b[31m', '\r\n', '\u009b2J', '\u202e', '\ud800', 'a', ' '))
    .map((parts) => parts.join('')),
)

describe('printable text', () => {
  it.each([
    ['a new line', 'a\nfake: b', 'a\\u{a}fake: b'],
    ['a colour', '\u001b[31mred', '\\u{1b}[31mred'],
    ['an eight-bit escape', '\u009b2J', '\\u{9b}2J'],
    ['text that turns', 'a\u202eb', 'a\\u{202e}b'],
    ['half a character', 'a\ud83d', 'a\\u{d83d}'],
    ['whole ones', 'naïve 日本 🙂', 'naïve 日本 🙂'],
  ])('X33: shows %s', (_, given, shown) => {
    expect(printable(given)).toBe(shown)
  })

  it('X33: has nothing in it that a terminal takes for an order', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(pointsOf(printable(given)).filter(isOdd)).toEqual([])
        expect(pointsOf(printableLines(given)).filter((point) => isOdd(point) && point !== 10 && point !== 9)).toEqual(
          [],
        )
      }),
      { numRuns: 2_000 },
    )
  })
})
