import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isoText, parseDate } from './iso-date.ts'

/** Any time that a date can hold, most of them near the edges of what the tables know. */
const time = fc.oneof(
  fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
  fc.integer({ min: Date.UTC(1_900, 0) - 5, max: Date.UTC(1_900, 3) }),
  fc.integer({ min: Date.UTC(2_099, 10), max: Date.UTC(2_100, 0) + 5 }),
  fc.integer({ min: Date.UTC(1_890, 0), max: Date.UTC(2_110, 0) }),
)

describe('a date', () => {
  it('is written as toISOString writes it', () => {
    fc.assert(
      fc.property(time, (value) => {
        expect(isoText(new Date(value))).toBe(new Date(value).toISOString())
      }),
      { numRuns: 5_000 },
    )
  })

  it('is written so, and read, on every day of 202 years', () => {
    const last = 86_399_999
    for (let at = Date.UTC(1_898, 11, 30) + last; at < Date.UTC(2_101, 0, 3); at += 86_400_000) {
      const date = new Date(at)
      if (isoText(date) !== date.toISOString()) expect(isoText(date)).toBe(date.toISOString())
      if (parseDate(date.toISOString())?.getTime() !== at) expect(parseDate(date.toISOString())).toEqual(date)
    }
  })

  it('is read as the engine reads it', () => {
    fc.assert(
      fc.property(time, (value) => {
        expect(parseDate(new Date(value).toISOString())).toEqual(new Date(value))
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ...['1970-01-01', '2026-02-29T00:00:00.000Z', '2024-02-29T23:59:59.999Z', '2026-02-31T12:00:00.000Z'],
    ...[
      '2026-13-01T00:00:00.000Z',
      '2026-01-01T24:00:00.000Z',
      '2026-01-01T25:00:00.000Z',
      '2026-01-01T00:60:00.000Z',
      '2026-01-01t00:00:00.000z',
    ],
    ...['2026-01-01T00:00:0x.000Z', '2026/01/01T00:00:00.000Z', '2026-01-01T00:00:00.000+', '0000-00-00T00:00:00.000Z'],
    ...['2100-01-32T00:00:00.000Z', '2099-12-32T00:00:00.000Z', '1899-12-32T00:00:00.000Z', '2026-01-00T00:00:00.000Z'],
    ...['2026-01-01T00:00:00,000Z', '2026-01-01T12:00:00+02:00', 'yesterday', ''],
  ])('is, or is none, whatever the engine says of %j', (text) => {
    expect(parseDate(text)?.getTime() ?? Number.NaN).toBe(new Date(text).getTime())
  })

  it('is none in text of a mebibyte', () => expect(parseDate('1'.repeat(1_048_576))).toBeUndefined())
  it('is none where it is invalid', () => expect(isoText(new Date(Number.NaN))).toBeUndefined())
})
