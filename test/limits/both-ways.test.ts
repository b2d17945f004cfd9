import { hotline } from '@hotline/server'
import { createTestPair } from '@hotline/testing'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

/** Eight of them are more than an end keeps for its peer before it takes in no more. */
const ITEM_CHARACTERS = 900_000
const STREAMS = 8
const ITEMS = 3

const h = hotline<object>()
const api = h.router({
  up: h.items(z.string()).mutation(async ({ items }) => {
    let count = 0
    for await (const _ of items) count++
    return count
  }),
  down: h.subscription(async function* () {
    for (let index = 0; index < ITEMS; index++) yield large()
  }),
})

function large(): string {
  return 'x'.repeat(ITEM_CHARACTERS)
}

function* source(): Generator<string> {
  for (let index = 0; index < ITEMS; index++) yield large()
}

describe('both ends of a line with much to say', () => {
  it('F3: take what the other says, however much waits at each', { timeout: 60_000 }, async () => {
    await using pair = createTestPair(api, { context: {} })
    const { client } = pair
    const count = async () => {
      let items = 0
      for await (const _ of await client.down()) items++
      return items
    }
    const all = Array.from({ length: STREAMS }, () => [count(), client.up(undefined, { items: source() })]).flat()
    expect(await Promise.all(all)).toEqual(Array.from({ length: 2 * STREAMS }, () => ITEMS))
  })
})
