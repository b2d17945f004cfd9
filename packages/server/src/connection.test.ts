import type { IncomingMessage } from 'node:http'
import { hotline } from '@hotline/core'
import type { Environment, Socket } from '@hotline/core/internal'
import { expect, test, vi } from 'vitest'
import { ConnectionPool } from './connection-pool.ts'
import { resolveOptions } from './options.ts'

const HELLO = JSON.stringify([
  'hello',
  { version: 1, client: 'client', nonce: 'nonce', generation: 1, timeoutMs: 30_000 },
])

test('a connection whose socket refuses the welcome is given up: nothing may follow an answer that never left', async () => {
  const h = hotline<object>()
  const pool = new ConnectionPool(h.router({ ask: h.query(() => 'answer') }), resolveOptions({}))
  const events: unknown[] = []
  const socket: Socket = {
    bufferedBytes: 0,
    send: (frame) => {
      if (String(frame).startsWith('["welcome"')) throw new Error('The socket refuses a frame.')
      events.push(frame)
    },
    close: (code) => events.push(`close ${code}`),
    abort: () => events.push('abort'),
    pauseReading: () => {},
  }
  // The pool hands the request to `authenticate` only, and there is none.
  const listener = pool.accept(socket, {} as IncomingMessage)
  listener.message(HELLO)
  listener.message('[1,0,["call",1,"ask"]]')
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(events).toEqual(['abort'])
  expect(pool.size).toBe(0)
  pool.closeAll()
})

test.each([
  [
    'throws',
    () => {
      throw new Error('of its own')
    },
  ],
  ['rejects', async () => Promise.reject(new Error('of its own'))],
  [
    'gives a promise that throws when it is looked at',
    () => Object.defineProperty({}, 'then', { get: () => overflow() }),
  ],
])('an onError that %s is logged beside what it was told of', async (_, onError) => {
  const logged: unknown[] = []
  const logger = { debug() {}, info() {}, warn() {}, error: ({ err }: { err?: Error }) => logged.push(err?.message) }
  const h = hotline<object>()
  const pool = new ConnectionPool(h.router({ ask: h.query(() => 1) }), resolveOptions({ logger, onError }))
  pool.report({ error: new Error('of a handler'), path: 'ask', id: 'id', principal: undefined })
  await new Promise(setImmediate)
  expect(logged).toEqual(['of a handler', expect.stringMatching(/of its own|call stack/)])
})

test('a logger that throws while credentials are refused leaves the refusal as it is', async () => {
  const fail = () => {
    throw new Error('the worker has exited')
  }
  const console = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {})
  const logger = { debug: fail, info: fail, warn: fail, error: fail }
  const h = hotline<object>()
  const authenticate = fail as () => never
  const pool = new ConnectionPool(h.router({ ask: h.query(() => 1) }), resolveOptions({ logger, authenticate }))
  const closes: number[] = []
  const socket: Socket = {
    bufferedBytes: 0,
    send() {},
    close: (code) => closes.push(code),
    abort() {},
    pauseReading() {},
  }
  // The pool hands the request to `authenticate` only, which looks at nothing.
  const listener = pool.accept(socket, { headers: {} } as IncomingMessage)
  listener.message(HELLO)
  await new Promise(setImmediate)
  expect(closes).toEqual([1011])
  console.mockRestore()
  pool.closeAll()
})

const overflow = (): never => overflow()

test.each([
  ['hold no longer than they did for the resume', 4_000, { asked: 1, expiresInMs: 1_000 }],
  ['are asked for again where they have run out meanwhile', 5_000, { asked: 2, expiresInMs: 5_000 }],
])('credentials of a hello behind a refused resume %s', async (_, laterMs, expected) => {
  let now = 0
  let asked = 0
  const environment: Environment = {
    now: () => now,
    setTimer: () => () => {},
    defer: queueMicrotask,
    random: () => 0,
    newId: (characters) => 'x'.repeat(characters),
  }
  const authenticate = () => {
    asked++
    return { context: {}, expiresAt: now + 5_000 }
  }
  const settings = resolveOptions({ authenticate }, environment)
  const h = hotline<object>()
  const router = h.router({ ask: h.query(() => 'answer') })
  const pool = new ConnectionPool(router, { ...settings, epochNow: () => now })
  const sent: string[] = []
  const socket: Socket = {
    bufferedBytes: 0,
    send: (frame) => sent.push(String(frame)),
    close: () => {},
    abort: () => {},
    pauseReading: () => {},
  }
  const listener = pool.accept(socket, {} as IncomingMessage)
  listener.message('["resume",{"version":1,"session":"gone","secret":"x","generation":1,"received":0}]')
  await new Promise(setImmediate)
  now = laterMs
  listener.message(HELLO)
  await new Promise(setImmediate)
  expect(sent[0]).toContain('SESSION_LOST')
  const [word, { expiresInMs }] = JSON.parse(sent[1] ?? '')
  expect({ word, asked, expiresInMs }).toEqual({ word: 'welcome', ...expected })
  pool.closeAll()
})

test.each([
  ['a hello', []],
  [
    'a resume that is refused and a hello behind it',
    [['resume', { version: 1, session: 'gone', secret: 'x', generation: 1, received: 0 }]],
  ],
])('a principal that is revoked while it is being authenticated is not let in by %s', async (_, before) => {
  let answer = () => {}
  const late = new Promise<void>((resolve) => {
    answer = resolve
  })
  const authenticate = async () => {
    await late
    return { principal: 'ann', context: {} }
  }
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const h = hotline<object>()
  const pool = new ConnectionPool(h.router({ ask: h.query(() => 'answer') }), resolveOptions({ authenticate, logger }))
  const events: unknown[] = []
  const socket: Socket = {
    bufferedBytes: 0,
    send: (frame) => events.push(JSON.parse(String(frame))),
    close: (code) => events.push(code),
    abort: () => events.push('abort'),
    pauseReading: () => {},
  }
  const listener = pool.accept(socket, {} as IncomingMessage)
  for (const frame of before) listener.message(JSON.stringify(frame))
  if (before.length === 0) listener.message(HELLO)
  pool.revoke('bob')
  pool.revoke('ann')
  answer()
  await new Promise(setImmediate)
  listener.message(HELLO)
  await new Promise(setImmediate)
  expect(events).toMatchObject([['refused', { code: 'UNAUTHORIZED' }], 4301])
  expect(pool.sessions.size).toBe(0)
  pool.closeAll()
})
