import { hotline } from '@hotline/server'
import { createTestPair } from '@hotline/testing'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'

const STALLED = 100
const ITEMS = 200
/** Large enough that a few of them use up the credit of a stream that isn't read. */
const ITEM_CHARACTERS = 4_000

const h = hotline<object>()
const pulled = { count: 0 }
afterEach(() => {
  pulled.count = 0
})

const api = h.router({
  endless: h.subscription(async function* () {
    for (;;) {
      pulled.count++
      yield 'x'.repeat(ITEM_CHARACTERS)
    }
  }),
  counted: h.subscription(async function* () {
    for (let index = 0; index < ITEMS; index++) yield { index, text: 'x'.repeat(ITEM_CHARACTERS) }
  }),
  ignore: h
    .items(z.string())
    .mutation(
      ({ signal }) => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    ),
  add: h.items(z.number()).mutation(async ({ items }) => {
    const seen: number[] = []
    for await (const item of items) seen.push(item)
    return seen
  }),
  echo: h.input(z.number()).query(({ input }) => input),
})

type Pair = ReturnType<typeof createTestPair<typeof api, object>>

const numbers = Array.from({ length: ITEMS }, (_, index) => index)

/** A stream, an upload and calls, all of which are read, on a line where others are not. */
async function goOn({ client }: Pair): Promise<void> {
  const read = async () => {
    const seen: number[] = []
    for await (const { index } of await client.counted()) seen.push(index)
    return seen
  }
  const calls = Promise.all(numbers.map((number) => client.echo(number)))
  const all = await Promise.all([read(), client.add(undefined, { items: numbers }), calls])
  expect(all).toEqual([numbers, numbers, numbers])
}

/** What is given while nobody reads doesn't grow any more. */
async function countOnceStill(count: () => number): Promise<number> {
  for (let [last, same] = [-1, 0]; same < 20; ) {
    await new Promise((resolve) => setImmediate(resolve))
    same = count() === last ? same + 1 : 0
    last = count()
  }
  return count()
}

describe(`${STALLED} streams that nobody reads`, () => {
  it('E18, F2: hold up neither another stream nor a call', { timeout: 30_000 }, async () => {
    await using pair = createTestPair(api, { context: {} })
    const stalled = await Promise.all(Array.from({ length: STALLED }, () => pair.client.endless()))
    const before = await countOnceStill(() => pulled.count)
    // A first credit each, and one item beyond it.
    expect(before).toBeLessThanOrEqual(STALLED * 10)
    await goOn(pair)
    expect(pulled.count).toBe(before)
    // Whoever reads again gets what waited, and more.
    const again = stalled[0]?.[Symbol.asyncIterator]()
    for (let index = 0; index < 50; index++) expect((await again?.next())?.done).toBe(false)
    for (const stream of stalled) await stream[Symbol.asyncDispose]()
  })

  it('E18: hold up nothing where they are uploads, either', { timeout: 30_000 }, async () => {
    await using pair = createTestPair(api, { context: {} })
    let [given, left] = [0, 0]
    const controllers = Array.from({ length: STALLED }, () => new AbortController())
    const source = async function* () {
      try {
        for (;;) {
          given++
          yield 'x'.repeat(ITEM_CHARACTERS)
        }
      } finally {
        left++
      }
    }
    const calls = controllers.map(({ signal }) =>
      pair.client.ignore(undefined, { items: source(), signal }).catch(() => {}),
    )
    await goOn(pair)
    const before = await countOnceStill(() => given)
    expect(before).toBeLessThanOrEqual(STALLED * 10)
    await goOn(pair)
    expect(given).toBe(before)
    for (const controller of controllers) controller.abort()
    await Promise.all(calls)
    await countOnceStill(() => left)
    expect(left).toBe(STALLED)
  })
})
