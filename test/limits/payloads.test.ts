import { hotline } from '@hotline/server'
import { createTestPair } from '@hotline/testing'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { collectGarbage, heldBytes } from './fixture/heap.ts'

const LARGE_CHARACTERS = 1_000_000

/** What went through handlers, held weakly. */
const seen: { readonly name: string; readonly payload: WeakRef<object> }[] = []
afterEach(() => void seen.splice(0))

function watch<Payload extends object>(name: string, payload: Payload): Payload {
  seen.push({ name, payload: new WeakRef(payload) })
  return payload
}

function alive(): string[] {
  return seen.filter(({ payload }) => payload.deref() !== undefined).map(({ name }) => name)
}

const h = hotline<object>()
const api = h.router({
  give: h.input(z.object({ text: z.string() })).mutation(async ({ input }) => {
    watch('the input', input)
    return watch('the result', { text: 'r'.repeat(1_000) })
  }),
  large: h.query(() => 'x'.repeat(LARGE_CHARACTERS)),
  items: h.subscription(async function* ({ signal }) {
    for (let index = 0; index < 3; index++) yield watch(`item ${index}`, { index })
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }),
})

describe('what was delivered', () => {
  it('F12: is held by nobody: neither input nor result, at either end', async () => {
    await using pair = createTestPair(api, { context: {} })
    await giveAndForget(pair.client)
    expect(seen).toHaveLength(4)
    await collectGarbage()
    expect(alive()).toEqual([])
    await giveAndForget(pair.client)
  })

  it('F12: is held by nobody: items of a stream that goes on, but for the newest at its producer', async () => {
    await using pair = createTestPair(api, { context: {} })
    const stream = await pair.client.items()
    await takeAndForget(stream[Symbol.asyncIterator]())
    await collectGarbage()
    // A generator that waits keeps what it yielded last, and so does the loop that pulls it.
    expect(alive().filter((name) => name !== 'item 2')).toEqual([])
    await stream[Symbol.asyncDispose]()
  })

  it('F12: is held for as long as somebody wants it', async () => {
    await using pair = createTestPair(api, { context: {} })
    const result = await pair.client.give({ text: '' })
    watch('kept', result)
    await collectGarbage()
    expect(alive()).toContain('kept')
    expect(result.text).toHaveLength(1_000)
  })

  it('F11: leaves nothing of a burst in memory once it is acknowledged', { timeout: 30_000 }, async () => {
    await using pair = createTestPair(api, { context: {} })
    await burst(pair.client)
    const before = await heldBytes()
    await burst(pair.client)
    expect((await heldBytes()) - before).toBeLessThan(LARGE_CHARACTERS / 2)
  })
})

/** In functions of their own, so that no variable of a test holds what it looks for. */
async function giveAndForget(client: { give(input: { text: string }): Promise<object> }): Promise<void> {
  watch('the answer', await client.give(watch('the argument', { text: 'i'.repeat(1_000) })))
}

async function takeAndForget(stream: AsyncIterator<object>): Promise<void> {
  for (let left = 3; left > 0; left--) {
    const { value } = await stream.next()
    watch('a received item', value)
  }
}

async function burst(client: { large(): Promise<string> }): Promise<void> {
  const results = await Promise.all(Array.from({ length: 16 }, () => client.large()))
  expect(results.every((text) => text.length === LARGE_CHARACTERS)).toBe(true)
}
