import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, serve } from '@hotline/server'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { connect, greet, type RawClient } from './raw-client.ts'
import { RecordingLogger } from './recording-logger.ts'

const h = hotline()
const MIB = 1024 * 1024
let runs = 0
const api = h.router({
  big: h.query(() => {
    runs++
    return 'x'.repeat(MIB - 16 * 1024)
  }),
  /** Answered when thirty of them run. */
  together: h.query(async () => {
    runs++
    await vi.waitFor(() => expect(runs).toBe(30), { interval: 1 })
    return 'x'.repeat(MIB - 16 * 1024)
  }),
  ping: h.query(() => 'pong'),
  large: h.subscription(async function* () {
    for (let item = 0; item < 2; item++) yield 'x'.repeat(MIB - 16 * 1024)
  }),
})
interface Api extends Infer<typeof api> {}

/** Calls procedures without ever acknowledging what comes back. */
function callAll(client: RawClient, path: string, count: number): void {
  for (let seq = 1; seq <= count; seq++) client.say([seq, 0, ['call', 2 * seq - 1, path]])
}

describe('a client that calls for much and takes nothing', { timeout: 20_000 }, () => {
  it('has nothing more begun for it above 4 MiB, while others are answered', async () => {
    runs = 0
    await using server = await serve(api, { port: 0, logger: new RecordingLogger() })
    const slow = await greet(server.port)
    callAll(slow, 'big', 200)
    const good = await greet(server.port)
    good.say([1, 0, ['call', 1, 'ping']])
    expect(await good.hear()).toEqual([1, 1, ['result', 1, 'pong']])
    // Four answers are just below; what of them was cut into pieces by then may make it more.
    await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(4))
    expect(runs).toBeLessThanOrEqual(5)
    slow.socket.terminate()
    good.socket.terminate()
  })

  it('loses its session by name where it takes nothing of more than 16 MiB', async () => {
    runs = 0
    await using server = await serve(api, { port: 0, logger: new RecordingLogger() })
    const slow = await greet(server.port)
    callAll(slow, 'together', 30)
    expect(await slow.closed).toMatchObject({ code: 4331 })
    const next = await connect(server.port)
    await vi.waitFor(() => expect(server.size).toBe(1))
    next.socket.terminate()
  })
})

describe('a client that takes what it gets', { timeout: 60_000 }, () => {
  it('has all of it, however much of it comes about at once', async () => {
    runs = 0
    await using server = await serve(api, { port: 0, logger: new RecordingLogger() })
    const client = createClient<Api>({ url: `ws://localhost:${server.port}/rpc`, WebSocket })
    const answers = await Promise.all(Array.from({ length: 30 }, () => client.together()))
    expect([answers.length, runs]).toEqual([30, 30])
    const read = async () => {
      let items = 0
      for await (const item of await client.large()) items += item.length > MIB / 2 ? 1 : 0
      return items
    }
    const counts = await Promise.all(Array.from({ length: 30 }, read))
    expect(counts).toEqual(Array.from({ length: 30 }, () => 2))
    connectionOf(client).close()
  })
})
