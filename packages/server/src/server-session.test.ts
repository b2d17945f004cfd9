import { getEventListeners } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { hotline, type Procedure } from '@hotline/core'
import type { Environment } from '@hotline/core/internal'
import { describe, expect, it } from 'vitest'
import { ConnectionPool } from './connection-pool.ts'
import { resolveOptions } from './options.ts'
import type { ServerLimits } from './server-limits.ts'

/** A clock that goes on when it is told to. */
class Clock implements Environment {
  #now = 0
  #ids = 0
  #timers = new Map<() => void, number>()

  get timers(): number {
    return this.#timers.size
  }

  now = () => this.#now
  random = () => 0
  newId = (characters: number) => String(++this.#ids).padEnd(characters, '-')
  defer = (callback: () => void) => void setImmediate(callback)

  setTimer = (callback: () => void, delayMs: number) => {
    const ring = () => callback()
    this.#timers.set(ring, this.#now + delayMs)
    return () => this.#timers.delete(ring)
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms
    for (const [ring, at] of this.#timers) {
      if (at > this.#now || !this.#timers.delete(ring)) continue
      ring()
    }
    await settled()
  }
}

interface ClientApi {
  readonly ask: Procedure<(text: string, options?: { signal?: AbortSignal; timeoutMs?: number }) => Promise<string>>
}

/** A server with one client, whose frames are in the test's hands. */
async function connected(limits: Partial<ServerLimits> = {}) {
  const clock = new Clock()
  const authenticate = () => ({ principal: 'ann', context: { user: 'ann' } })
  const pool = new ConnectionPool(hotline<object>().router({}), resolveOptions({ authenticate, limits }, clock))
  const sent: string[] = []
  const socket = { bufferedBytes: 0, close: () => {}, abort: () => {}, pauseReading: () => {} }
  // The pool hands the request to `authenticate` only, which doesn't look at it.
  const listener = pool.accept({ ...socket, send: (frame) => sent.push(String(frame)) }, {} as IncomingMessage)
  listener.message(
    '["hello",{"version":1,"client":"c","nonce":"n","generation":1,"timeoutMs":30000,"principal":"bob"}]',
  )
  await settled()
  const [connection] = pool.connections<{ readonly user: string }>().of<ClientApi>('ann')
  if (connection === undefined) throw new Error('The client is not there.')
  sent.length = 0
  return { clock, pool, sent, listener, connection, client: connection.client }
}

const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

describe("calls of a session's client", () => {
  it('have even ids, carry the time left where it is their own, and get their answers', async () => {
    const { pool, sent, listener, client } = await connected()
    const calls = [client.ask('a'), client.ask('b', { timeoutMs: 500 })]
    await settled()
    expect(sent).toEqual(['[1,0,["call",2,"ask","a"],["call",4,"ask","b",{"timeoutMs":500}]]'])
    listener.message('[1,1,["result",4,"B"],["result",2,"A"]]')
    expect(await Promise.all(calls)).toEqual(['A', 'B'])
    pool.closeAll()
  })

  it('wait for a client that is away until their deadline, and never ran', async () => {
    const { clock, pool, listener, client, connection } = await connected()
    listener.closed(1006, '')
    expect(connection.state).toBe('away')
    const call = client.ask('a')
    await Promise.all([expect(call).rejects.toMatchObject({ code: 'TIMEOUT', mayHaveRun: false }), clock.pass(30_000)])
    pool.closeAll()
  })

  it('F9: that were given up while the client is away count for nothing any more', async () => {
    const { clock, pool, listener, client } = await connected()
    listener.closed(1006, '')
    const { held } = pool.stats()
    const controller = new AbortController()
    const calls = [
      client.ask('x'.repeat(100_000), { timeoutMs: 1_000 }),
      client.ask('x'.repeat(100_000), { signal: controller.signal }),
    ]
    expect(pool.stats().held).toBeGreaterThan(held + 200_000)
    controller.abort()
    await Promise.all([clock.pass(1_000), Promise.allSettled(calls)])
    expect(pool.stats()).toMatchObject({ held, away: held })
    pool.closeAll()
  })

  it('F9: that were about to leave when the client went away count for what they hold', async () => {
    const { pool, listener, client } = await connected()
    const { held } = pool.stats()
    const call = client.ask('x'.repeat(100_000))
    listener.closed(1006, '')
    await settled()
    const stats = pool.stats()
    expect(stats.held).toBe(stats.away)
    expect(stats.away).toBeGreaterThan(held + 100_000)
    pool.closeAll()
    await expect(call).rejects.toMatchObject({ code: 'NOT_SENT' })
  })

  it('are refused where too much waits already', async () => {
    const { pool, listener, client } = await connected({ maxQueuedCharacters: 100 })
    listener.closed(1006, '')
    const first = client.ask('x'.repeat(80))
    await expect(client.ask('y'.repeat(80))).rejects.toMatchObject({ code: 'QUEUE_FULL', mayHaveRun: false })
    pool.closeAll()
    await expect(first).rejects.toMatchObject({ code: 'NOT_SENT', mayHaveRun: false })
  })

  it('end with their session, each by its name, and leave nothing behind', async () => {
    const { clock, pool, sent, listener, client, connection } = await connected({ graceMs: 5_000 })
    const controllers = [new AbortController(), new AbortController()]
    const [first, second] = controllers.map(({ signal }) => ({ signal }))
    const out = client.ask('out', first)
    await settled()
    expect(sent).toHaveLength(1)
    listener.closed(1006, '')
    const waiting = client.ask('waiting', second)
    await Promise.all([
      expect(out).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true }),
      expect(waiting).rejects.toMatchObject({ code: 'NOT_SENT', mayHaveRun: false }),
      clock.pass(5_000),
    ])
    expect(connection.state).toBe('ended')
    const late = client.ask('late')
    await expect(late).rejects.toMatchObject({
      code: 'NOT_SENT',
      message: expect.stringContaining('did not come back'),
    })
    for (const { signal } of controllers) expect(getEventListeners(signal, 'abort')).toEqual([])
    expect([clock.timers, pool.sessions.size, pool.connections().all(), pool.connections().of('ann')]).toEqual([
      0,
      0,
      [],
      [],
    ])
  })

  it('X29: are of the principal that authentication gave, whatever the client says it is', async () => {
    const { pool, connection } = await connected()
    expect(pool.connections().of('bob')).toEqual([])
    expect(connection).toMatchObject({ principal: 'ann', context: { user: 'ann' }, state: 'open' })
    pool.closeAll()
  })

  it('are made through one client, which is no promise', async () => {
    const { pool, connection } = await connected()
    expect(pool.connections().all()[0]).toBe(connection)
    expect(connection.client).toBe(connection.client)
    expect(await connection.client).toBe(connection.client)
    pool.closeAll()
  })
})
