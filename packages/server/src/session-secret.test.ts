import type { IncomingMessage } from 'node:http'
import { hotline } from '@hotline/core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectionPool } from './connection-pool.ts'
import { resolveOptions } from './options.ts'
import { SessionSecrets } from './session-secret.ts'

/** How often each was asked for: the work that a guess makes. */
const work = vi.hoisted(() => ({ hashes: 0, comparisons: 0 }))

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>()
  return {
    ...crypto,
    hash: (...args: [string, string, 'binary']) => {
      work.hashes++
      return crypto.hash(...args)
    },
    timingSafeEqual: (...args: Parameters<typeof crypto.timingSafeEqual>) => {
      work.comparisons++
      return crypto.timingSafeEqual(...args)
    },
  }
})

interface Ticket {
  readonly session: string
  readonly secret: string
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** A server and a way to say one frame to it; what it answers and how it closes comes back. */
function setUp(failedResumesPerMinute: number, stranger: string | undefined = '203.0.113.7') {
  const h = hotline<object>()
  const settings = resolveOptions({
    limits: { failedResumesPerMinute },
    logger: SILENT,
    authenticate: ({ auth }) => ({ principal: auth === undefined ? undefined : String(auth), context: {} }),
  })
  const pool = new ConnectionPool(h.router({ ask: h.query(() => 'answer') }), settings)
  const say = async (word: string, fields: object) => {
    const heard: unknown[] = []
    const socket = {
      bufferedBytes: 0,
      send: (frame: string | Uint8Array) => heard.push(JSON.parse(String(frame))),
      close: (code: number) => heard.push(code),
      abort: () => {},
      pauseReading: () => {},
    }
    // The pool hands the request to `authenticate` only, which doesn't look at it.
    const request = {} as IncomingMessage
    const visitor = { stranger, letIn: () => {}, declined: () => {} }
    pool.accept(socket, request, visitor).message(JSON.stringify([word, { version: 1, ...fields }]))
    await new Promise(setImmediate)
    return heard
  }
  const resume = (ticket: Ticket, fields: object = {}) =>
    say('resume', { ...ticket, generation: 2, received: 0, ...fields })
  const welcome = async () => {
    const [answer] = await say('hello', { client: 'c', nonce: 'n', generation: 1, timeoutMs: 30_000 })
    // A welcome, as this server writes it.
    const { session, secret } = (answer as readonly [string, Ticket])[1]
    return { session, secret }
  }
  return { pool, resume, welcome }
}

beforeEach(() => {
  work.hashes = 0
  work.comparisons = 0
})

/** The work that a resume makes. */
async function workOf(resume: () => Promise<unknown>): Promise<typeof work> {
  const before = { ...work }
  await resume()
  return { hashes: work.hashes - before.hashes, comparisons: work.comparisons - before.comparisons }
}

describe('a guess at a session', () => {
  it('X25: makes the same work and gets the same answer for an unknown id as for a wrong secret', async () => {
    const { pool, resume, welcome } = setUp(Number.POSITIVE_INFINITY)
    const { session } = await welcome()
    const secret = 'a guess'
    const unknown = await workOf(() => resume({ session: 'unknown', secret }))
    expect(unknown).toEqual({ hashes: 1, comparisons: 2 })
    expect(await workOf(() => resume({ session, secret }))).toEqual(unknown)
    expect(await resume({ session: 'unknown', secret })).toEqual(await resume({ session, secret }))
    pool.closeAll()
  })

  it('X25: is not looked at once too many have failed, not even a right one; other addresses go on', async () => {
    const { pool, resume, welcome } = setUp(3)
    const ticket = await welcome()
    for (const secret of ['a', 'b', 'c']) {
      expect(await resume({ ...ticket, secret })).toMatchObject([['refused', { code: 'SESSION_LOST' }]])
    }
    let heard: unknown[] = []
    const none = await workOf(async () => {
      heard = await resume(ticket)
    })
    expect(none).toEqual({ hashes: 0, comparisons: 0 })
    const refused = { code: 'TOO_MANY_REQUESTS', message: expect.any(String), retryAfterMs: expect.any(Number) }
    expect(heard).toEqual([['refused', refused], 4329])
    expect(pool.gate.stats().refusals.failedResumes).toBe(1)
    expect(pool.sessions.size).toBe(1)
    pool.closeAll()
  })

  it('X25: is counted for its principal where there is one: neighbours behind one address go on', async () => {
    const { pool, resume } = setUp(2)
    const lost = { session: 'of a process that is gone', secret: 'any' }
    for (let user = 0; user < 100; user++) {
      expect(await resume(lost, { auth: `user ${user}` })).toMatchObject([['refused', { code: 'SESSION_LOST' }]])
    }
    for (const code of ['SESSION_LOST', 'TOO_MANY_REQUESTS']) {
      expect((await resume(lost, { auth: 'user 1' }))[0]).toMatchObject(['refused', { code }])
    }
    expect((await resume(lost))[0]).toMatchObject(['refused', { code: 'SESSION_LOST' }])
    pool.closeAll()
  })

  it('X25: is looked at for ever where no limit is set, and the session stays', async () => {
    const { pool, resume, welcome } = setUp(Number.POSITIVE_INFINITY)
    const ticket = await welcome()
    for (let guess = 0; guess < 200; guess++) {
      expect(await resume({ ...ticket, secret: `${guess}` })).toMatchObject([['refused', { code: 'SESSION_LOST' }]])
    }
    expect(await resume(ticket)).toMatchObject([['resumed', {}]])
    pool.closeAll()
  })

  it('X25: is an empty secret, too: who knows the name of a session alone gets nothing of it', async () => {
    const { pool, resume, welcome } = setUp(Number.POSITIVE_INFINITY)
    const ticket = await welcome()
    expect(await resume({ ...ticket, secret: '' })).toMatchObject([['refused', { code: 'SESSION_LOST' }]])
    expect(await resume(ticket)).toMatchObject([['resumed', {}]])
    pool.closeAll()
  })

  it('X25: is not what an attempt is that comes late with the right secret', async () => {
    const { pool, resume, welcome } = setUp(1)
    const ticket = await welcome()
    for (let times = 0; times < 5; times++) {
      expect(await resume(ticket, { generation: 1 })).toMatchObject([['refused', { code: 'STALE' }]])
    }
    pool.closeAll()
  })
})

/** A session whose client has used its first secret and has the second. */
function rotated(): SessionSecrets {
  const secrets = new SessionSecrets()
  secrets.issue('first')
  secrets.present('first')
  secrets.issue('second')
  return secrets
}

describe('the secrets of a session', () => {
  it('are the one presented last and the one issued since', () => {
    const secrets = rotated()
    expect(['first', 'second', 'third', ''].map((secret) => secrets.judge(secret))).toEqual([
      ...['valid', 'valid', 'wrong', 'wrong'],
    ])
  })

  it('X25: are no empty one where none was issued, presented, or left', () => {
    const [fresh, issued, confirmed] = [new SessionSecrets(), new SessionSecrets(), rotated()]
    issued.issue('first')
    confirmed.confirm()
    expect([fresh, issued, confirmed].map((secrets) => secrets.judge(''))).toEqual(['wrong', 'wrong', 'wrong'])
  })

  it('X26: end when the next one is confirmed or used, and are known as ended a single time', () => {
    const [confirmed, used] = [rotated(), rotated()]
    confirmed.confirm()
    used.present('second')
    for (const secrets of [confirmed, used]) {
      expect(secrets.judge('second')).toBe('valid')
      expect([secrets.judge('first'), secrets.judge('first')]).toEqual(['ended', 'wrong'])
    }
  })

  it('X26: are remembered when they have ended, the last eight of them', () => {
    const secrets = new SessionSecrets()
    for (let count = 0; count < 12; count++) {
      secrets.issue(`secret ${count}`)
      secrets.present(`secret ${count}`)
    }
    const verdicts = Array.from({ length: 12 }, (_, count) => secrets.judge(`secret ${count}`))
    expect(verdicts).toEqual([...Array(3).fill('wrong'), ...Array(8).fill('ended'), 'valid'])
  })
})
