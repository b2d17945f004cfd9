import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, type Server, serve } from '@hotline/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'

const h = hotline<object>()
const api = h.router({
  numbers: h.input(z.number()).subscription(async function* ({ input }) {
    for (let item = 0; item < input; item++) yield item
  }),
  large: h.input(z.number()).subscription(async function* ({ input }) {
    for (let item = 0; item < input; item++) yield 'x'.repeat(10_000)
  }),
  add: h.items(z.number()).mutation(async ({ items }) => {
    let sum = 0
    for await (const item of items) sum += item
    return sum
  }),
  slow: h.mutation(({ signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve))),
  quick: h.query(() => 1),
})
interface Api extends Infer<typeof api> {}

let server: Server
beforeAll(async () => {
  server = await serve(api, { port: 0, logger: { debug() {}, info() {}, warn() {}, error() {} } })
})
afterAll(() => server.close())

async function withClient(act: (client: ReturnType<typeof createClient<Api>>) => Promise<void>): Promise<void> {
  const client = createClient<Api>({ url: `ws://127.0.0.1:${server.port}/rpc`, WebSocket })
  await act(client)
  expect(server.stats().floods).toBe(0)
  connectionOf(client).close()
}

/** Behind a proxy that says so. */
class FromOneOffice extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols, { headers: { 'x-forwarded-for': '203.0.113.7' } })
  }
}

const all = <Value>(times: number, act: (index: number) => Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => act(index)))

describe('an honest client never meets FLOOD', { timeout: 60_000 }, () => {
  it('C9: with 128 streams of small items or large ones, read as fast as they come', () =>
    withClient(async (client) => {
      const read = async (index: number) => {
        let items = 0
        for await (const _ of index % 2 === 0 ? await client.numbers(2_000) : await client.large(40)) items++
        return items
      }
      const counts = await all(128, read)
      expect(counts.reduce((sum, count) => sum + count)).toBe(64 * 2_000 + 64 * 40)
    }))

  it('C9: with 128 uploads at once', () =>
    withClient(async (client) => {
      const sums = await all(128, () => client.add(undefined, { items: Array.from({ length: 500 }, () => 1) }))
      expect(sums).toEqual(Array.from({ length: 128 }, () => 500))
    }))

  it('C9: that leaves a page: all its calls cancelled, its streams left, and as many opened for the next', () =>
    withClient(async (client) => {
      const controllers = Array.from({ length: 120 }, () => new AbortController())
      const calls = controllers.map(({ signal }) => client.slow(undefined, { signal }).catch(() => 'cancelled'))
      const streams = await all(100, () => client.large(1_000))
      for (const controller of controllers) controller.abort()
      expect(await Promise.all(calls)).toEqual(controllers.map(() => 'cancelled'))
      for (const stream of streams) await stream[Symbol.asyncDispose]()
      await client.quick()
      expect(await all(100, () => client.numbers(1))).toHaveLength(100)
    }))

  it('C9: that is one of 150 at one address, nobody in particular, whose server has started anew', async () => {
    const quiet = { trustProxy: ['127.0.0.0/8'], logger: { debug() {}, info() {}, warn() {}, error() {} } }
    const first = await serve(api, { ...quiet, port: 0 })
    const url = `ws://127.0.0.1:${first.port}/rpc`
    const clients = Array.from({ length: 150 }, () => createClient<Api>({ url, WebSocket: FromOneOffice }))
    // No more than may be greeted at once.
    for (let index = 0; index < clients.length; index += 50) {
      await Promise.all(clients.slice(index, index + 50).map((client) => client.quick()))
    }
    await first.close()
    await using second = await serve(api, { ...quiet, port: Number(first.port) })
    await expect.poll(() => second.stats().sessions, { timeout: 20_000 }).toBe(clients.length)
    expect(second.stats()).toMatchObject({ floods: 0, refusals: { failedResumes: 0 } })
    for (const client of clients) connectionOf(client).close()
  })

  it('C9: that calls one after another, ten thousand times', () =>
    withClient(async (client) => {
      for (let round = 0; round < 100; round++) await all(100, () => client.quick())
    }))
})
