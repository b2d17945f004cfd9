import type { IncomingMessage } from 'node:http'
import { hotline } from '@hotline/core'
import type { ServerLimits } from '@hotline/server'
import { ConnectionPool, resolveOptions } from '@hotline/server/internal'
import { describe, expect, it } from 'vitest'
import { HandClock } from '../limits/fixture/hand-clock.ts'
import { heldBytes } from '../limits/fixture/heap.ts'
import { UNBOUND } from './fixture/unbound.ts'

const SESSIONS = 10_000
/** A fiftieth of what so many sessions take. */
const MAX_GROWTH_BYTES = 1024 * 1024

const router = hotline<object>().router({})
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
// The pool only hands the request on to `authenticate`, which doesn't look at it.
const REQUEST = { url: '/rpc', headers: {} } as IncomingMessage
const SOCKET = { bufferedBytes: 0, send() {}, close() {}, abort() {}, pauseReading() {} }

/** A server that lets everybody in as who they say they are, and users who come and go. */
function setUp(limits: Partial<ServerLimits> = {}) {
  const clock = new HandClock()
  const authenticate = ({ auth }: { auth: unknown }) => ({
    principal: auth === null ? undefined : String(auth),
    context: {},
  })
  const pool = new ConnectionPool(router, resolveOptions<object>({ logger: SILENT, limits, authenticate }, clock))
  let nonces = 0
  const comeAndGo = async (auth: string | null, times: number) => {
    for (let time = 0; time < times; time++) {
      const listener = pool.accept(SOCKET, REQUEST)
      const hello = { version: 1, auth, client: 'c', nonce: `n${nonces++}`, generation: 1, timeoutMs: 30_000 }
      listener.message(JSON.stringify(['hello', hello]))
      await clock.settle()
      listener.closed(1006, '')
    }
  }
  return { pool, clock, comeAndGo }
}

describe(`${SESSIONS} sessions that are left as soon as they are begun`, { timeout: 60_000 }, () => {
  it('X30: of one user: eight are kept, and the others leave nothing', async () => {
    const { pool, comeAndGo } = setUp()
    await comeAndGo('victim', 3)
    await comeAndGo('mallory', 100)
    const before = await heldBytes()
    await comeAndGo('mallory', SESSIONS)
    expect((await heldBytes()) - before).toBeLessThan(MAX_GROWTH_BYTES)
    expect([pool.sessions.size, pool.sessions.detachedSize]).toEqual([11, 11])
    // Others don't pay for it.
    expect([...pool.sessions.of('victim')]).toHaveLength(3)
    expect([...pool.sessions.of('mallory')]).toHaveLength(8)
    pool.closeAll()
    expect(pool.stats()).toMatchObject({ sessions: 0, held: 0, away: 0 })
  })

  it('X30: of nobody in particular: as many are kept as have room, counted by what they take themselves', async () => {
    const { pool, comeAndGo } = setUp({ maxDetachedCharacters: 1024 * 1024 })
    await comeAndGo(null, SESSIONS)
    expect(pool.sessions.size).toBe(292)
    expect(pool.stats().away).toBe(292 * 3_584)
    pool.closeAll()
    expect(pool.stats()).toMatchObject({ sessions: 0, held: 0, away: 0 })
  })

  it('X30: would all be kept without limits', async () => {
    const { pool, comeAndGo } = setUp(UNBOUND)
    await comeAndGo('mallory', SESSIONS)
    expect(pool.sessions.detachedSize).toBe(SESSIONS)
    pool.closeAll()
  })
})
