import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, serve } from '@hotline/server'
import { describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'
import { GATE_REFUSALS } from '../../packages/server/src/gate/gate-refusals.ts'
import { RecordingLogger } from './recording-logger.ts'

const KIB = 1024
/** What a reader's window may be, one more item, and what may wait for the line. */
const MAX_PER_STREAM = 320 * KIB

const h = hotline<object>()
const pulled = { count: 0 }
const api = h.router({
  endless: h.input(z.number()).subscription(async function* ({ input }) {
    for (;;) {
      pulled.count++
      yield 'x'.repeat(input)
    }
  }),
  ignore: h
    .items(z.string())
    .mutation(({ signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve))),
  ping: h.query(() => 'pong'),
})
interface Api extends Infer<typeof api> {}

async function setUp() {
  const server = await serve(api, { port: 0, logger: new RecordingLogger() })
  const client = createClient<Api>({ url: `ws://localhost:${server.port}/rpc`, WebSocket })
  const connection = connectionOf(client)
  return {
    server,
    client,
    connection,
    async [Symbol.asyncDispose]() {
      connection.close()
      await server.close()
    },
  }
}

/** Nothing moves any more. */
async function still(count: () => number): Promise<void> {
  let [last, same] = [-1, 0]
  await vi.waitFor(
    () => {
      same = count() === last ? same + 1 : 0
      last = count()
      expect(same).toBeGreaterThan(20)
    },
    { interval: 5, timeout: 5_000 },
  )
}

describe('what is kept', () => {
  it.each([100, 16 * KIB, 64 * KIB])(
    'F1, F10: of a stream whose reader has stopped is bounded at both ends, items of %i',
    async (size) => {
      await using on = await setUp()
      const stream = await on.client.endless(size)
      let read = 0
      for await (const _ of stream) if (++read === 200) await pausedAt(stream, on)
    },
  )

  it('is nothing when nothing is open', async () => {
    await using on = await setUp()
    expect(await on.client.ping()).toBe('pong')
    await vi.waitFor(() => expect(on.server.stats().unacknowledged).toBe(0), { timeout: 5_000 })
    expect(on.server.stats()).toEqual({
      connections: 1,
      unauthenticated: 0,
      refusals: Object.fromEntries(Object.keys(GATE_REFUSALS).map((name) => [name, 0])),
      sessions: 1,
      detachedSessions: 0,
      running: 0,
      made: 0,
      streams: 0,
      waiting: 0,
      unacknowledged: 0,
      unread: 0,
      largestStream: 0,
      waitingFrames: 0,
      pieces: 0,
      inputs: 0,
      // What a session takes by itself.
      held: 3_584,
      away: 0,
      keys: 0,
      floods: 0,
    })
    expect(on.connection.stats()).toMatchObject({ made: 0, running: 0, waiting: 0, streams: [] })
  })

  it('F1: of an upload that nobody reads is bounded at both ends', async () => {
    await using on = await setUp()
    let given = 0
    const items = (function* () {
      for (; ; given++) yield 'x'.repeat(10_000)
    })()
    const call = on.client.ignore(undefined, { items })
    call.catch(() => {})
    await vi.waitFor(() => expect(given).toBeGreaterThan(0))
    await still(() => given)
    expect(on.server.stats().unread).toBeGreaterThan(0)
    expect(on.server.stats().unread).toBeLessThan(MAX_PER_STREAM)
    for (const { size } of on.connection.stats().streams) expect(size).toBeLessThan(MAX_PER_STREAM)
  })
})

/** The loop stands here: what both ends keep of its stream. */
async function pausedAt(stream: object, on: Awaited<ReturnType<typeof setUp>>): Promise<void> {
  await still(() => pulled.count)
  const [mine] = on.connection.stats().streams
  expect(mine).toMatchObject({ path: 'endless', direction: 'in' })
  expect(mine?.size).toBeGreaterThan(0)
  expect(mine?.size).toBeLessThanOrEqual(MAX_PER_STREAM)
  expect(on.server.stats().largestStream).toBeLessThanOrEqual(MAX_PER_STREAM)
  // Others go on meanwhile.
  expect(await on.client.ping()).toBe('pong')
  await (stream as AsyncDisposable)[Symbol.asyncDispose]()
}
