import { describe, expect, it } from 'vitest'
import { checkRoundTrips, TYPES } from './fixture/round-trip.ts'

describe('values of every type', () => {
  it('come back as they were', { timeout: 60_000 }, async () => {
    expect(await checkRoundTrips(2_000)).toEqual(expect.arrayContaining([...TYPES]))
  })
})
