import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, serve } from '@hotline/server'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'

const STALLED = 100
const CALLS = 2_000

const h = hotline<object>()
const api = h.router({
  endless: h.subscription(async function* () {
    for (;;) yield 'x'.repeat(4_000)
  }),
  ping: h.query(() => 'pong'),
})
interface Api extends Infer<typeof api> {}

describe('small calls on a connection', { timeout: 60_000 }, () => {
  it(`F2, E18: are answered beside ${STALLED} streams that nobody reads, and take as long as without`, async () => {
    await using server = await serve(api, { port: 0 })
    const client = createClient<Api>({ url: `ws://localhost:${server.port}/rpc`, WebSocket })
    const delays = async () => {
      const all: number[] = []
      for (let call = 0; call < CALLS; call++) {
        const startedAt = performance.now()
        expect(await client.ping()).toBe('pong')
        all.push(performance.now() - startedAt)
      }
      return all.sort((one, other) => one - other)
    }
    await delays()
    const alone = await delays()
    const streams = await Promise.all(Array.from({ length: STALLED }, () => client.endless()))
    // What they may send without being read is on its way at first, as it would be for any reader.
    await vi.waitFor(() => expect(server.stats()).toMatchObject({ waiting: 0, unacknowledged: 0 }), { timeout: 10_000 })
    await delays()
    const beside = await delays()
    expect(server.stats().streams).toBe(STALLED)
    const at = (all: readonly number[], share: number) => (all[Math.floor(all.length * share)] ?? 0).toFixed(2)
    // How long they take is for people to read: a busy machine says little, and tests depend on no speed.
    console.info(
      `p50 ${at(alone, 0.5)} ms alone, ${at(beside, 0.5)} ms beside; p99 ${at(alone, 0.99)} ms alone, ${at(beside, 0.99)} ms beside`,
    )
    for (const stream of streams) await stream[Symbol.asyncDispose]()
    connectionOf(client).close()
  })
})
