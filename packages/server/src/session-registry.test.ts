import type { IncomingMessage } from 'node:http'
import { hotline } from '@hotline/core'
import { describe, expect, it } from 'vitest'
import { ConnectionPool } from './connection-pool.ts'
import { nodeEnvironment } from './node-environment.ts'
import { resolveOptions } from './options.ts'

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
