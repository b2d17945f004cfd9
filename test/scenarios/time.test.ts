import { hotline, tracked } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import { World } from './fixture/world.ts'

const MINUTE_MS = 60_000

const h = hotline<object>()

/** What handlers have seen; each test begins with an empty one. */
interface Seen {
  runs: number
  aborts: number
  release(result: string): void
}

function routerOf(seen: Seen) {
  return h.router({
    echo: h.query(() => 'echo'),
    held: h.mutation(({ signal }) => {
      seen.runs++
      signal.addEventListener('abort', () => seen.aborts++)
      return new Promise<string>((resolve) => {
        seen.release = resolve
      })
    }),
    ticks: h.subscription(async function* ({ signal }) {
      yield tracked('1', 1)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    }),
  })
}

function newSeen(): Seen {
  return { runs: 0, aborts: 0, release: () => {} }
}

describe('a session', () => {
  it('A29: that was quiet for an hour resumes after a cut', async () => {
    const seen = newSeen()
    using world = new World(routerOf(seen))
    const client = world.invite()
    const held = client.call('held', undefined, { timeoutMs: 3 * 60 * MINUTE_MS })
    await world.pass(60 * MINUTE_MS, 10_000)
    expect([world.opened, client.state.name]).toEqual([1, 'open'])
    world.cut()
    await world.pass(1_000)
    expect([world.opened, client.state.name, world.pool.sessions.size]).toEqual([2, 'open', 1])
    seen.release('after an hour')
    await world.pass(1)
    expect(await held).toBe('after an hour')
    expect(seen).toMatchObject({ runs: 1, aborts: 0 })
  })

  it('C7: of a page whose timers go off once a minute lives on: its server asks', async () => {
    using world = new World(routerOf(newSeen()))
    const client = world.invite({
      environment: (clock) => ({
        now: () => clock.now(),
        setTimer: (callback, delayMs) => {
          const at = Math.ceil((clock.now() + delayMs) / MINUTE_MS) * MINUTE_MS
          return clock.setTimer(callback, at - clock.now())
        },
        defer: (callback) => clock.defer(callback),
        random: () => clock.random(),
        newId: (characters) => clock.newId(characters),
      }),
    })
    const answer = client.call('echo', undefined, {})
    await world.pass(1)
    expect(await answer).toBe('echo')
    const states: string[] = []
    client.subscribe(() => states.push(client.state.name))
    await world.pass(60 * MINUTE_MS, 1_000)
    expect(states).toEqual([])
    expect(world.opened).toBe(1)
  })

  it('A34: of a client that lost all it knew ends by itself, and gives nothing to the next one', async () => {
    const seen = newSeen()
    using world = new World(routerOf(seen), { authenticate: () => ({ principal: 'ann', context: {} }) })
    const before = world.invite()
    void before.call('held', undefined, {}).catch(() => {})
    await world.pass(1)
    // As a process that is killed: nothing is said, and nobody comes back.
    before.pause()
    const after = world.invite()
    const stream = after.call('ticks', undefined, {})
    await world.pass(1)
    seen.release('for the client before')
    await world.pass(1_000)
    expect(await (await (stream as Promise<AsyncIterable<number>>))[Symbol.asyncIterator]().next()).toEqual({
      done: false,
      value: 1,
    })
    expect(world.pool.sessions.size).toBe(2)
    await world.pass(121_000, 10_000)
    expect(world.pool.sessions.size).toBe(1)
  })
})

describe('credentials', () => {
  it('H5: that run out in the same second are renewed at moments spread over a sixth of their time', async () => {
    const renewedAt: number[] = []
    const holdMs = 60 * MINUTE_MS
    let isRenewal = false
    using world = new World(routerOf(newSeen()), {
      authenticate: () => {
        if (isRenewal) renewedAt.push(world.clock.now())
        return { principal: 'ann', context: {}, expiresAt: Date.now() + holdMs }
      },
    })
    for (let count = 0; count < 600; count++) world.invite({ auth: () => 'token' }).connect()
    await world.pass(1_000)
    isRenewal = true
    await world.pass(holdMs * 0.9, 1_000)
    expect(renewedAt).toHaveLength(600)
    const [first, last] = [Math.min(...renewedAt), Math.max(...renewedAt)]
    expect(first).toBeGreaterThan(0.69 * holdMs)
    expect(last).toBeLessThan(0.88 * holdMs)
    const perMinute = Array.from({ length: 10 }, (_, minute) => {
      const from = 0.7 * holdMs + minute * MINUTE_MS
      return renewedAt.filter((at) => at >= from && at < from + MINUTE_MS).length
    })
    expect(Math.max(...perMinute)).toBeLessThan(100)
    expect(Math.min(...perMinute)).toBeGreaterThan(30)
  })
})

describe('a server', () => {
  it('G13: has nothing left of 300 clients that came, called, were cut and left', async () => {
    const seen = newSeen()
    using world = new World(routerOf(seen))
    for (let round = 0; round < 30; round++) {
      const clients = Array.from({ length: 10 }, () => world.invite())
      const calls = clients.flatMap((client) => [
        client.call('echo', undefined, {}),
        client.call('ticks', undefined, {}).catch(() => {}),
        client.call('held', undefined, {}).catch(() => {}),
      ])
      await world.pass(1)
      if (round % 3 === 0) world.cut()
      await world.pass(1_000)
      for (const client of clients) client.close()
      await world.pass(10)
      await Promise.all(calls)
    }
    expect(seen.runs).toBe(300)
    expect(seen.aborts).toBe(300)
    const { pool } = world
    expect([pool.size, pool.sessions.size, pool.sessions.detachedSize, pool.alarms.size]).toEqual([0, 0, 0, 0])
    expect(pool.settings.keyedRuns.size).toBe(0)
  })
})
