import type { IncomingMessage } from 'node:http'
import { HotlineError, hotline } from '@hotline/core'
import { AlarmHeap, Alarms, IncomingCalls } from '@hotline/core/internal'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectionPool } from './connection-pool.ts'
import { nodeEnvironment } from './node-environment.ts'
import { resolveOptions, type ServerFailure } from './options.ts'
import { type RecheckedCall, recheck } from './recheck.ts'
import { StreamWatch } from './stream-watch.ts'

interface Context {
  readonly user: string
}
type Check = (call: RecheckedCall<Context, Context>) => boolean | Promise<boolean>

const EVERY_MS = 4_000
const HELLO = { version: 1, client: 'c', nonce: 'n', generation: 1, timeoutMs: 30_000 }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A server whose stream `watch` has a check; its client's frames are in the test's hands. */
async function watched(check: Check, random = 1) {
  const events: string[] = []
  const failures: ServerFailure[] = []
  const h = hotline<Context>()
  const checked = h.use(recheck({ everyMs: EVERY_MS, check }))
  const router = h.router({
    once: checked.query(() => 'done'),
    ends: checked.subscription(async function* () {
      yield 1
    }),
    watch: checked.subscription(async function* ({ signal }) {
      signal.addEventListener('abort', () => events.push(`aborted: ${signal.reason.code}`))
      try {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        yield 1
      } finally {
        events.push('finally')
      }
    }),
  })
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const onError = (failure: ServerFailure) => failures.push(failure)
  const environment = { ...nodeEnvironment(), random: () => random }
  const authenticate = ({ auth }: { auth: unknown }) => ({ principal: 'ann', context: { user: String(auth) } })
  const pool = new ConnectionPool(router, resolveOptions({ authenticate, logger, onError }, environment))
  const sent: string[] = []
  const socket = { bufferedBytes: 0, close: () => {}, abort: () => {}, pauseReading: () => {} }
  // The pool asks the request for nothing but where it came from.
  const listener = pool.accept({ ...socket, send: (frame) => sent.push(String(frame)) }, {} as IncomingMessage)
  const say = async (frame: unknown) => {
    listener.message(JSON.stringify(frame))
    await vi.advanceTimersByTimeAsync(1)
  }
  await say(['hello', { ...HELLO, auth: 'first' }])
  sent.length = 0
  return { pool, sent, say, events, failures, text: () => sent.join('\n') }
}

const open = (seq: number, id: number, path: string) => [seq, 0, ['call', id, path]]

describe('a stream with a check', () => {
  it('is asked about before it begins, and goes on while the answer is yes', async () => {
    let asked = 0
    const { say, events, text } = await watched(() => ++asked > 0)
    await say(open(1, 1, 'watch'))
    expect([asked, text()]).toEqual([1, '[1,1,["stream",1]]'])
    await vi.advanceTimersByTimeAsync(10 * EVERY_MS)
    expect(asked).toBe(11)
    expect(events).toEqual([])
  })

  it('is asked about up to a quarter before its time, so that not all come at once', async () => {
    let asked = 0
    const { say } = await watched(() => ++asked > 0, 0)
    await say(open(1, 1, 'watch'))
    await vi.advanceTimersByTimeAsync(0.75 * EVERY_MS - 2)
    expect(asked).toBe(1)
    await vi.advanceTimersByTimeAsync(2)
    expect(asked).toBe(2)
  })

  it('needs a check', () => {
    expect(() => recheck({ everyMs: 1_000 } as never)).toThrow(
      new TypeError('"check" is of type undefined: give a function.'),
    )
  })

  it('ends as FORBIDDEN when the answer is no, and its handler with it', async () => {
    let isAllowed = true
    const { say, events, text, sent, pool } = await watched(async () => isAllowed)
    await say(open(1, 1, 'watch'))
    sent.length = 0
    isAllowed = false
    await vi.advanceTimersByTimeAsync(EVERY_MS)
    expect(events).toEqual(['aborted: FORBIDDEN', 'finally'])
    expect(text()).toContain('["error",1,{"code":"FORBIDDEN"')
    expect([...pool.sessions.all][0]?.session.peer.responder.size).toBe(0)
  })

  it('ends by the name that the check gives', async () => {
    let isAllowed = true
    const { say, text } = await watched(() => {
      if (!isAllowed) throw new HotlineError('UNAUTHORIZED', undefined, { message: 'Sign in again.' })
      return true
    })
    await say(open(1, 1, 'watch'))
    isAllowed = false
    await vi.advanceTimersByTimeAsync(EVERY_MS)
    expect(text()).toContain('["error",1,{"code":"UNAUTHORIZED","message":"Sign in again."')
  })

  it('does not begin where the answer is no, nor does any other call', async () => {
    const { say, events, text } = await watched(() => false)
    await say([1, 0, ['call', 1, 'watch'], ['call', 3, 'once']])
    expect(text()).toContain('["error",1,{"code":"FORBIDDEN"')
    expect(text()).toContain('["error",3,{"code":"FORBIDDEN"')
    expect(events).toEqual([])
  })

  it('is asked about at once when the rights of its principal have changed', async () => {
    let isAllowed = true
    const { say, events, pool } = await watched(() => isAllowed)
    await say(open(1, 1, 'watch'))
    isAllowed = false
    pool.sessions.recheck('bob')
    await vi.advanceTimersByTimeAsync(1)
    expect(events).toEqual([])
    pool.sessions.recheck('ann')
    await vi.advanceTimersByTimeAsync(1)
    expect(events).toEqual(['aborted: FORBIDDEN', 'finally'])
  })

  it('is asked about in one turn with all others of its session, so that they can share a question', async () => {
    let asked = 0
    const { say, pool } = await watched(() => ++asked > 0)
    for (const [seq, id] of [1, 3, 5].entries()) await say(open(seq + 1, id, 'watch'))
    asked = 0
    pool.sessions.recheck('ann')
    expect(asked).toBe(3)
  })

  it('is asked about when they change while it is being opened: the first answer is about the rights of before', async () => {
    let allow = (_isAllowed: boolean) => {}
    let asked = 0
    const late = new Promise<boolean>((resolve) => {
      allow = resolve
    })
    const { say, events, text, pool } = await watched(() => (++asked === 1 ? late : false))
    await say(open(1, 1, 'watch'))
    pool.sessions.recheck('ann')
    allow(true)
    await vi.advanceTimersByTimeAsync(1)
    expect(text()).toContain('[1,1,["error",1,{"code":"FORBIDDEN"')
    expect(events).toEqual([])
  })

  it('is asked about when credentials were renewed, with the newest context beside the one it began with', async () => {
    const users: string[] = []
    const { say, events } = await watched(({ ctx, connection }) => {
      users.push(`${ctx.user} ${connection.context.user}`)
      return connection.context.user !== 'nobody'
    })
    await say(open(1, 1, 'watch'))
    await say(['reauth', { auth: 'second' }])
    await say(['reauth', { auth: 'nobody' }])
    expect(users).toEqual(['first first', 'first second', 'first nobody'])
    expect(events).toEqual(['aborted: FORBIDDEN', 'finally'])
  })

  it('goes on over a check that fails by itself, which is reported, and ends when it fails three times in a row', async () => {
    let fails = false
    const { say, events, failures, text } = await watched(async () => {
      if (fails) throw new Error('the database is down')
      return true
    })
    await say(open(1, 1, 'watch'))
    for (fails of [true, false, true]) await vi.advanceTimersByTimeAsync(EVERY_MS)
    expect(events).toEqual([])
    await vi.advanceTimersByTimeAsync(2 * EVERY_MS + 1)
    expect(events).toEqual(['aborted: TIMEOUT', 'finally'])
    expect(text()).toContain('could not be checked 3 times in a row')
    expect(failures).toHaveLength(4)
    expect(failures[0]).toMatchObject({ error: new Error('the database is down'), path: 'watch', principal: 'ann' })
  })

  it('ends when its check never answers', async () => {
    let asked = 0
    const { say, events, failures } = await watched(() => (++asked === 1 ? true : new Promise(() => {})))
    await say(open(1, 1, 'watch'))
    await vi.advanceTimersByTimeAsync(4 * EVERY_MS)
    expect(asked).toBe(2)
    expect(events).toEqual(['aborted: TIMEOUT', 'finally'])
    expect(String(failures[0]?.error)).toContain('The "check" of "watch" has not answered within its 4000 ms.')
  })

  it('is forgotten when it has ended, and asked about no more', async () => {
    let asked = 0
    const { say, pool } = await watched(() => ++asked > 0)
    const timers = vi.getTimerCount()
    for (let call = 0; call < 50; call++) await say(open(1 + call, 1 + 2 * call, 'ends'))
    await say(open(51, 101, 'watch'))
    await say([52, 0, ['cancel', 101]])
    expect(asked).toBe(51)
    await vi.advanceTimersByTimeAsync(2 * EVERY_MS)
    expect(asked).toBe(51)
    expect(vi.getTimerCount()).toBe(timers)
    pool.closeAll()
  })

  it('is forgotten long before its time where many come and go', () => {
    const environment = nodeEnvironment()
    const host = { settings: { environment }, alarms: new Alarms(environment, new AlarmHeap()), report() {} }
    const watch = new StreamWatch(host, 'ann', new IncomingCalls('odd'))
    for (let stream = 0; stream < 100; stream++) {
      watch.add({ signal: new AbortController().signal, everyMs: EVERY_MS, check: async () => {} })
    }
    expect(watch.size).toBeLessThanOrEqual(1)
    watch.end()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no alarm behind its session, nor one that was being opened when that ended', async () => {
    let allow = (_isAllowed: boolean) => {}
    let asked = 0
    const late = () => new Promise<boolean>((resolve) => (allow = resolve))
    const { say, pool } = await watched(() => (++asked === 1 ? true : late()))
    await say([1, 0, ['call', 1, 'watch'], ['call', 3, 'watch']])
    pool.closeAll()
    allow(true)
    await vi.advanceTimersByTimeAsync(1)
    expect(pool.alarms.size).toBe(0)
  })

  it.each([0, Number.NaN, 2 ** 31])('is refused with an everyMs of %d', (everyMs) => {
    expect(() => recheck({ everyMs, check: () => true })).toThrow(`"everyMs" is ${everyMs}: give 1 to 2147483647`)
  })
})
