import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, type Server, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'

const h = hotline<object>()
let release = () => {}
const api = h.router({
  store: h.input(z.string()).query(async ({ input }) => {
    await new Promise<void>((resolve) => {
      const before = release
      release = () => {
        before()
        resolve()
      }
    })
    return input.length
  }),
  small: h.query(() => 'here'),
})
interface Api extends Infer<typeof api> {}

const start = (port = 0): Promise<Server> =>
  serve(api, { port, limits: { maxCalls: 300 }, logger: { debug() {}, info() {}, warn() {}, error() {} } })

describe('calls that are too large to go whole', { timeout: 60_000 }, () => {
  it('A6: go again after a restart, as many as there are, and small ones still overtake them', async () => {
    const server = await start()
    const { port } = server
    const client = createClient<Api>({ url: `ws://127.0.0.1:${port}/rpc`, WebSocket })
    const input = 'x'.repeat(40_000)
    const calls: Promise<number>[] = []
    const make = (count: number) => {
      for (let call = 0; call < count; call++) calls.push(client.store(input))
    }
    for (const running of [80, 160, 240]) {
      make(80)
      await expect.poll(() => server.stats().running, { timeout: 10_000 }).toBe(running)
    }
    await server.close()
    make(40)
    const second = await start(port)
    expect(await client.small()).toBe('here')
    await expect.poll(() => second.stats().running, { timeout: 30_000 }).toBe(calls.length)
    release()
    expect(await Promise.all(calls)).toEqual(calls.map(() => input.length))
    connectionOf(client).close()
    await second.close()
  })
})
