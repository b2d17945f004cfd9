import type { IncomingMessage } from 'node:http'
import { HotlineError, hotline } from '@hotline/core'
import { ConnectionPool, resolveOptions } from '@hotline/server/internal'
import { describe, expect, it } from 'vitest'
import { HELLO } from '../end-to-end/raw-client.ts'

const FRAMES = {
  hello: ['hello', HELLO],
  resume: ['resume', { version: 1, session: 'planted', secret: 'planted', generation: 1, received: 0 }],
  call: [1, 0, ['call', 1, 'run']],
  reauth: ['reauth', { auth: 'me' }],
  bye: ['bye'],
} as const

type Said = keyof typeof FRAMES
type Verdict = 'in' | 'out' | 'broken'

const WORDS = Object.keys(FRAMES) as Said[] // the keys of a table are its names
const VERDICTS: readonly Verdict[] = ['in', 'out', 'broken']

/** Every order of up to four frames. */
const ORDERS = [1, 2, 3, 4].flatMap(orders)

function orders(length: number): readonly (readonly Said[])[] {
  if (length === 0) return [[]]
  return orders(length - 1).flatMap((order) => WORDS.map((word) => [...order, word]))
}

/** Says frames to a server whose check of credentials ends when and how the test says. */
function setUp(verdict: Verdict) {
  let runs = 0
  let checks = 0
  let isDecided = false
  let runsBefore = 0
  const verdicts: (() => void)[] = []
  const h = hotline<object>()
  const authenticate = async () => {
    checks++
    await new Promise<void>((resolve) => verdicts.push(resolve))
    if (verdict === 'in') return { principal: 'me', context: {} }
    throw verdict === 'out' ? new HotlineError('UNAUTHORIZED') : new Error('The check is broken.')
  }
  const run = h.mutation(() => {
    runs++
    if (!isDecided) runsBefore++
  })
  const pool = new ConnectionPool(h.router({ run }), resolveOptions({ authenticate, logger: SILENT }))
  const heard: string[] = []
  const socket = {
    bufferedBytes: 0,
    send: (frame: string | Uint8Array) => heard.push(String(frame)),
    close: (code: number) => heard.push(`closed with ${code}`),
    abort: () => heard.push('aborted'),
    pauseReading: () => {},
  }
  // The pool hands the request to `authenticate` only, which doesn't look at it.
  const listener = pool.accept(socket, {} as IncomingMessage)
  return {
    pool,
    say: (word: Said) => listener.message(JSON.stringify(FRAMES[word])),
    decide: () => {
      isDecided = true
      for (const resolve of verdicts.splice(0)) resolve()
    },
    seen: () => ({ runs, runsBefore, checks, heard }),
  }
}

const settled = () => new Promise(setImmediate)

describe.each(VERDICTS)('X28: where the check says "%s"', (verdict) => {
  it('nothing runs before it has, in any order of hello, resume, call, reauth and bye, at once or one by one', async () => {
    let welcomed = 0
    for (const isAtOnce of [true, false]) {
      for (const order of ORDERS) {
        const { pool, say, decide, seen } = setUp(verdict)
        for (const word of order) {
          say(word)
          if (!isAtOnce) await settled()
        }
        await settled()
        const before = seen()
        const hint = `${order.join(', ')}: ${before.heard.join(' ')}`
        expect(before.runs, hint).toBe(0)
        expect(before.checks, hint).toBeLessThanOrEqual(1)
        expect(
          before.heard.filter((text) => /^\["(welcome|resumed)/.test(text)),
          hint,
        ).toEqual([])
        expect(pool.sessions.size, hint).toBe(0)
        decide()
        await settled()
        const after = seen()
        const isWelcome = after.heard.some((text) => text.startsWith('["welcome"'))
        if (isWelcome) welcomed++
        expect(after.runsBefore, hint).toBe(0)
        if (!isWelcome) expect(after.runs, hint).toBe(0)
        if (!isWelcome) expect(pool.sessions.size, hint).toBe(0)
        expect(after.runs, hint).toBeLessThanOrEqual(1)
        pool.closeAll()
      }
    }
    // The test means something only where some orders are right ones.
    if (verdict === 'in') expect(welcomed).toBeGreaterThan(10)
    else expect(welcomed).toBe(0)
  })
})

describe('X28: behind a resume that was refused', () => {
  it('what was sent with it never runs, a hello gets a session of its own, and what follows that runs once', async () => {
    const { pool, say, decide, seen } = setUp('in')
    for (const word of ['resume', 'call'] as const) say(word)
    decide()
    await settled()
    expect(seen().heard).toEqual([expect.stringContaining('SESSION_LOST')])
    for (const word of ['call', 'hello', 'call'] as const) say(word)
    await settled()
    decide()
    await settled()
    expect(seen()).toMatchObject({ runs: 1, runsBefore: 0 })
    expect(pool.sessions.size).toBe(1)
    pool.closeAll()
  })
})

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
