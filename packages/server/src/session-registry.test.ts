import type { IncomingMessage } from 'node:http'
import { hotline } from '@hotline/core'
import { describe, expect, it } from 'vitest'
import { ConnectionPool } from './connection-pool.ts'
import { nodeEnvironment } from './node-environment.ts'
import { resolveOptions } from './options.ts'
import type { ServerLimits } from './server-limits.ts'

const MIB = 1024 * 1024
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A server whose calls are answered when the test says so, each with 1 MiB or so. */
function setUp(maxDetachedCharacters: number) {
  const h = hotline<object>()
  const waiting: (() => void)[] = []
  const big = h.query(async () => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    return 'x'.repeat(MIB - 16 * 1024)
  })
  const options = resolveOptions({ limits: { maxDetachedCharacters } }, nodeEnvironment())
  const pool = new ConnectionPool(h.router({ big }), options)
  const connect = async (name: string) => {
    const socket = { bufferedBytes: 0, send: () => {}, close: () => {}, abort: () => {}, pauseReading: () => {} }
    // The pool hands the request to `authenticate` only, which doesn't look at it.
    const listener = pool.accept(socket, {} as IncomingMessage)
    const hello = { version: 1, client: name, nonce: name, generation: 1, timeoutMs: 30_000 }
    listener.message(JSON.stringify(['hello', hello]))
    await settled()
    return listener
  }
  const answerAll = async () => {
    for (const answer of waiting.splice(0)) answer()
    await settled()
  }
  return { pool, connect, answerAll }
}

/** A server that is told in `auth` who it is, with what its log was warned of. */
function setUpPrincipals(limits: Partial<ServerLimits> = {}) {
  const warnings: unknown[] = []
  const logger = { debug() {}, info() {}, warn: (...line: unknown[]) => void warnings.push(line), error() {} }
  const authenticate = ({ auth }: { auth: unknown }) => ({ principal: String(auth), context: {} })
  const options = resolveOptions({ authenticate, logger, limits }, nodeEnvironment())
  const pool = new ConnectionPool(hotline<object>().router({}), options)
  /** So many clients of a principal connect, and lose their line together. */
  const cut = async (auth: string, clients: number) => {
    const listeners = Array.from({ length: clients }, (_, index) => {
      const socket = { bufferedBytes: 0, send: () => {}, close: () => {}, abort: () => {}, pauseReading: () => {} }
      // The pool hands the request to `authenticate` only, which doesn't look at it.
      const listener = pool.accept(socket, {} as IncomingMessage)
      const hello = {
        version: 1,
        client: `${index}`,
        nonce: `${auth} ${index}`,
        generation: 1,
        timeoutMs: 30_000,
        auth,
      }
      listener.message(JSON.stringify(['hello', hello]))
      return listener
    })
    await settled()
    for (const listener of listeners) listener.closed(1006, '')
  }
  return { pool, warnings, cut }
}

describe('sessions of one principal whose clients are away', () => {
  it('end beyond 8, the oldest first, and the log says so once, with the remedy', async () => {
    const { pool, warnings, cut } = setUpPrincipals()
    await cut('service', 60)
    expect(pool.sessions.size).toBe(8)
    expect(warnings).toEqual([
      [
        { principal: 'service', maxDetachedPerPrincipal: 8 },
        'more than 8 sessions of one principal have lost their connection, so the oldest end instead of waiting for their clients; where many clients share a principal: limits: { maxDetachedPerPrincipal: <as many as they are> }',
      ],
    ])
    await cut('another', 9)
    await cut('service', 9)
    expect(warnings).toHaveLength(2)
    pool.closeAll()
  })

  it('all stay where the limit says so, and the log has nothing to say', async () => {
    const { pool, warnings, cut } = setUpPrincipals({ maxDetachedPerPrincipal: 60 })
    await cut('service', 60)
    expect([pool.sessions.size, pool.sessions.detachedSize]).toEqual([60, 60])
    expect(warnings).toEqual([])
    pool.closeAll()
  })

  it('are told of for 100 principals, and not for ever', async () => {
    const { pool, warnings, cut } = setUpPrincipals({ maxDetachedPerPrincipal: 0 })
    for (let n = 0; n < 101; n++) await cut(`p${n}`, 1)
    expect(warnings).toHaveLength(100)
    pool.closeAll()
  })
})

describe('sessions whose clients are away', () => {
  it('F9: are ended oldest first where they hold too much together, what came about since they left included', async () => {
    const { pool, connect, answerAll } = setUp(2.5 * MIB)
    for (const name of ['first', 'second']) {
      const listener = await connect(name)
      listener.message('[1,0,["call",1,"big"]]')
      listener.closed(1006, '')
    }
    await answerAll()
    expect(pool.sessions.detachedSize).toBe(2)
    const third = await connect('third')
    third.message('[1,0,["call",1,"big"]]')
    await answerAll()
    third.closed(1006, '')
    expect(pool.sessions.detachedSize).toBe(2)
    const held = [...pool.sessions.all].map(({ heldCharacters }) => heldCharacters)
    expect(held.every((characters) => characters > MIB / 2)).toBe(true)
    pool.closeAll()
  })

  it('stay where there is room for all they hold', async () => {
    const { pool, connect, answerAll } = setUp(10 * MIB)
    for (const name of ['first', 'second', 'third']) {
      const listener = await connect(name)
      listener.message('[1,0,["call",1,"big"]]')
      listener.closed(1006, '')
    }
    await answerAll()
    expect([pool.sessions.detachedSize, pool.sessions.size]).toEqual([3, 3])
    pool.closeAll()
    expect([pool.sessions.detachedSize, pool.sessions.size]).toEqual([0, 0])
  })
})

describe('a principal that is revoked', () => {
  /** A connection that has said these frames, and whether it was cut off. */
  async function connect(pool: ConnectionPool, ...frames: readonly (readonly unknown[])[]) {
    const seen = { isCut: false }
    const abort = () => {
      seen.isCut = true
    }
    const socket = { bufferedBytes: 0, send: () => {}, close: () => {}, abort, pauseReading: () => {} }
    // `authenticate` doesn't look at the request.
    const listener = pool.accept(socket, {} as IncomingMessage)
    for (const frame of frames) {
      listener.message(JSON.stringify(frame))
      await settled()
    }
    return { seen, listener }
  }

  const hello = (auth: string, nonce: string) => [
    'hello',
    { version: 1, auth, client: nonce, nonce, generation: 1, timeoutMs: 30_000 },
  ]
  const resume = (auth: string) => [
    'resume',
    { version: 1, auth, session: 'x', secret: 'x', generation: 1, received: 0 },
  ]

  function newPool(): ConnectionPool {
    const h = hotline<object>()
    const authenticate = ({ auth }: { readonly auth: unknown }) => ({ principal: String(auth), context: {} })
    return new ConnectionPool(h.router({ ask: h.query(() => 1) }), resolveOptions({ authenticate }))
  }

  it('loses its sessions, and the connections that a hello would follow on', async () => {
    const pool = newPool()
    const ann = [await connect(pool, hello('ann', 'a')), await connect(pool, resume('ann'))]
    const bob = [await connect(pool, hello('bob', 'b')), await connect(pool, resume('bob'))]
    expect([pool.size, pool.sessions.size]).toEqual([4, 2])
    pool.revoke('ann')
    expect([ann, bob].map((all) => all.map(({ seen }) => seen.isCut))).toEqual([
      [true, true],
      [false, false],
    ])
    expect([pool.size, pool.sessions.size]).toEqual([2, 1])
    pool.closeAll()
  })

  it('is looked for only where no session knows of it: that table has nobody who got one, or who has gone', async () => {
    const pool = newPool()
    await connect(pool, hello('ann', 'a'))
    expect(pool.sessions.declinedSize).toBe(0)
    const { listener } = await connect(pool, resume('ann'))
    await connect(pool, resume('bob'), hello('bob', 'b'))
    expect(pool.sessions.declinedSize).toBe(1)
    listener.closed(1006, '')
    expect(pool.sessions.declinedSize).toBe(0)
    pool.closeAll()
  })
})
