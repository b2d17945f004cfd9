import { hotline, serve } from '@hotline/server'
import { describe, expect, it, vi } from 'vitest'
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
})

/** Calls procedures without ever acknowledging what comes back. */
function callAll(client: RawClient, path: string, count: number): void {
  for (let seq = 1; seq <= count; seq++) client.say([seq, 0, ['call', 2 * seq - 1, path]])
}

describe('a client that calls for much and takes nothing', () => {
  it('has nothing more begun for it above 4 MiB, while others are answered', async () => {
    runs = 0
    await using server = await serve(api, { port: 0, logger: new RecordingLogger() })
    const slow = await greet(server.port)
    callAll(slow, 'big', 200)
    const good = await greet(server.port)
    good.say([1, 0, ['call', 1, 'ping']])
    expect(await good.hear()).toEqual([1, 1, ['result', 1, 'pong']])
    await vi.waitFor(() => expect(runs).toBe(5))
    slow.socket.terminate()
    good.socket.terminate()
  })

  it('loses its session by name above 16 MiB', async () => {
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
