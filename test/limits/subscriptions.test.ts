import { EventEmitter } from 'node:events'
import { connectionOf } from '@hotline/client'
import { hotline } from '@hotline/server'
import { createTestPair } from '@hotline/testing'
import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { heldBytes } from './fixture/heap.ts'

const CYCLES = 100_000

/** Five bytes a cycle: less than anything that could be left of one. What is measured varies by a few tens of KiB. */
const MAX_GROWTH_BYTES = 512 * 1024

/** Nobody leaves so fast but on purpose. */
const UNHURRIED = { context: {}, limits: { opensPerSecond: Number.POSITIVE_INFINITY } }

const h = hotline<object>()
const source = new EventEmitter()
source.setMaxListeners(0)
const running = new Set<number>()
const api = h.router({
  news: h.input(z.number()).subscription(async function* ({ input, signal }) {
    const listener = () => {}
    source.on('news', listener)
    running.add(input)
    try {
      yield input
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    } finally {
      source.off('news', listener)
      running.delete(input)
    }
  }),
  /** Which of these are open. */
  open: h.query(() => [...running]),
})

type Pair = ReturnType<typeof createTestPair<typeof api, object>>

async function cycle({ client }: Pair, times: number): Promise<void> {
  for (let index = 0; index < times; index++) {
    for await (const item of await client.news(index)) {
      expect(item).toBe(index)
      break
    }
  }
}

describe('subscribing and leaving', () => {
  it(`E8: leaves heap, listeners and calls where they were after ${CYCLES} times`, { timeout: 240_000 }, async () => {
    await using pair = createTestPair(api, UNHURRIED)
    await cycle(pair, CYCLES / 20)
    const before = await heldBytes()
    await cycle(pair, CYCLES)
    expect((await heldBytes()) - before).toBeLessThan(MAX_GROWTH_BYTES)
    expect(await pair.client.open()).toEqual([])
    expect(source.listenerCount('news')).toBe(0)
    expect(connectionOf(pair.client).stats()).toMatchObject({ made: 0, streams: [] })
  })

  it('E2: leaves open what was opened and not left, however both race, in 600 rounds', async () => {
    await using pair = createTestPair(api, UNHURRIED)
    for (let first = 0; first < 600; first += 100) await race(pair, first)
    expect(source.listenerCount('news')).toBe(0)
  })
})

/** A hundred rounds at once: left before they are accepted, as they are accepted, behind that, or not at all. */
async function race({ client }: Pair, first: number): Promise<void> {
  const kept = new Map<number, AsyncDisposable>()
  const rounds = Array.from({ length: 100 }, async (_, index) => {
    const round = first + index
    const controller = new AbortController()
    if (round % 4 === 0) controller.abort()
    const opening = client.news(round, { signal: controller.signal })
    if (round % 4 === 1) controller.abort()
    const stream = await opening.catch(() => undefined)
    if (round % 4 === 2) await stream?.[Symbol.asyncDispose]()
    else if (stream !== undefined) kept.set(round, stream)
  })
  await Promise.all(rounds)
  expect([...kept.keys()].every((round) => round % 4 === 3)).toBe(true)
  // What was left ends a moment later.
  const areOpen = (expected: readonly number[]) =>
    vi.waitFor(async () => expect((await client.open()).sort((one, other) => one - other)).toEqual(expected), {
      interval: 1,
    })
  await areOpen([...kept.keys()])
  for (const stream of kept.values()) await stream[Symbol.asyncDispose]()
  await areOpen([])
}
