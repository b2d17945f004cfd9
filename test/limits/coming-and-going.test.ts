import { getEventListeners } from 'node:events'
import { connectionOf } from '@hotline/client'
import { HotlineError, hotline, memoryIdempotencyStore } from '@hotline/server'
import { type MemoryServer, serveInMemory } from '@hotline/testing'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { heldBytes } from './fixture/heap.ts'

/** The first round warms up: what is compiled and cached then stays. */
const ROUNDS = 4
const TIMES = 2_000

/** Of the round that grew least: the others may have had something compiled, but what is left behind is left each time. */
const MAX_GROWTH_BYTES = 64 * TIMES

const h = hotline<object>()
const api = h.router({
  echo: h.input(z.number()).query(({ input }) => input),
  add: h.input(z.number()).mutation(async ({ input }) => input + 1),
  refuse: h.mutation(() => {
    throw new HotlineError('FORBIDDEN')
  }),
  wait: h.query(
    ({ signal }) => new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  ),
  take: h.items(z.number()).mutation(async ({ items }) => {
    for await (const item of items) return item
    return undefined
  }),
})

type Line = MemoryServer<typeof api, object>
type Step = (index: number) => Promise<unknown>

/** Each is made once, and what it gives is done over and over. */
const STORIES: Readonly<Record<string, (line: Line) => Step>> = {
  'clients that call and leave': (line) => async (index) => {
    const client = line.connect()
    await client.echo(index)
    connectionOf(client).close()
  },
  'clients whose line breaks, and that never come back': (line) => async (index) => {
    const client = line.connect()
    await client.echo(index)
    const waiting = settled(client.wait())
    line.cut()
    connectionOf(client).close()
    await waiting
  },
  'calls that are refused, bad, cancelled or late': (line) => {
    const client = line.connect()
    return async (index) => {
      const controller = new AbortController()
      const cancelled = settled(client.wait(undefined, { signal: controller.signal }))
      const others = [settled(client.refuse()), settled(client.echo(Number.NaN))]
      const late = index % 100 === 0 ? settled(client.wait(undefined, { timeoutMs: 1 })) : undefined
      controller.abort()
      await Promise.all([cancelled, late, ...others])
    }
  },
  'calls with a key': (line) => {
    const client = line.connect()
    return (index) => client.add(index, { idempotencyKey: `k${index}` })
  },
  'uploads that their handler ends early': (line) => {
    const client = line.connect()
    return async (index) => expect(await client.take(undefined, { items: [index, 2, 3] })).toBe(index)
  },
}

describe.each(Object.entries(STORIES))('%s', (_, story) => {
  it(`leave nothing at either end after ${ROUNDS * TIMES} times`, { timeout: 240_000 }, async () => {
    const limits = { graceMs: 0, opensPerSecond: Number.POSITIVE_INFINITY }
    const idempotencyStore = memoryIdempotencyStore({ maxKeys: 1_000, ttlMs: 1 })
    await using line: Line = serveInMemory(api, { limits, idempotencyStore })
    expect(await leastGrowth(story(line))).toBeLessThan(MAX_GROWTH_BYTES)
    expect(line.stats()).toMatchObject({ running: 0, made: 0, streams: 0, waiting: 0, detachedSessions: 0 })
  })
})

describe('a signal that outlives the calls it is given to', () => {
  it(`has no listener after ${ROUNDS * TIMES} of them, and leaves nothing of them`, { timeout: 240_000 }, async () => {
    await using line: Line = serveInMemory(api, {})
    const client = line.connect()
    const { signal } = new AbortController()
    const growth = await leastGrowth((index) =>
      Promise.all([client.echo(index, { signal }), settled(client.refuse(undefined, { signal }))]),
    )
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

/** By how many bytes the heap has grown in the round in which it grew least. */
async function leastGrowth(step: Step): Promise<number> {
  const held: number[] = []
  for (let index = 0; index < ROUNDS * TIMES; index++) {
    await step(index)
    if ((index + 1) % TIMES === 0) held.push(await heldBytes())
  }
  return Math.min(...held.slice(1).map((bytes, round) => bytes - (held[round] ?? 0)))
}

/** Whatever becomes of it. */
async function settled(call: Promise<unknown>): Promise<void> {
  await call.catch(() => {})
}
