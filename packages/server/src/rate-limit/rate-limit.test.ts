import { hotline, safe } from '@hotline/core'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCaller } from '../create-caller.ts'
import type { LimitKey } from './limit-key.ts'
import type { Limiter } from './limiter.ts'
import { type RateLimitOptions, rateLimit } from './rate-limit.ts'

interface Context {
  readonly tenant: string
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A router whose handlers note that they ran, and callers of it. */
function limited(options: RateLimitOptions<Context>) {
  const ran: string[] = []
  const h = hotline<Context>().use(rateLimit(options))
  const router = hotline<Context>().router({
    one: h.mutation(({ path }) => ran.push(path)),
    two: h.mutation(({ path }) => ran.push(path)),
    each: h.subscription(async function* ({ path }) {
      ran.push(path)
      yield 1
      yield 2
    }),
  })
  const caller = (who: { principal?: string; address?: string }, tenant = 'acme') =>
    createCaller(router, { tenant }, who)
  return { ran, caller }
}

const LIMIT = { points: 2, durationMs: 1_000 }
const SILENT = { debug() {}, info() {}, warn() {}, error() {} }
const passes = async (call: Promise<unknown>) => (await safe(call)).ok

describe('a rate limit', () => {
  it('lets so many calls through, then refuses before anything runs, and says how long to wait', async () => {
    const { ran, caller } = limited(LIMIT)
    const ann = caller({ principal: 'ann' })
    await ann.one()
    vi.advanceTimersByTime(400)
    await ann.one()
    expect(await safe(ann.one())).toMatchObject({
      error: {
        code: 'TOO_MANY_REQUESTS',
        data: { retryAfterMs: 600 },
        mayHaveRun: false,
        message: 'Too many calls in a short time: call again in 600 ms.',
      },
    })
    expect(ran).toEqual(['one', 'one'])
    vi.advanceTimersByTime(599)
    expect(await passes(ann.one())).toBe(false)
    vi.advanceTimersByTime(1)
    expect(await passes(ann.one())).toBe(true)
  })

  it('counts each principal apart, and its procedures together', async () => {
    const { caller } = limited(LIMIT)
    const [ann, bob] = [
      caller({ principal: 'ann', address: '192.0.2.1' }),
      caller({ principal: 'bob', address: '192.0.2.1' }),
    ]
    expect(await Promise.all([ann.one(), ann.two(), ann.one()].map(passes))).toEqual([true, true, false])
    expect(await passes(bob.one())).toBe(true)
  })

  it('counts by the address where there is no principal', async () => {
    const { caller } = limited(LIMIT)
    const [here, there] = [caller({ address: '192.0.2.1' }), caller({ address: '192.0.2.2' })]
    expect(await Promise.all([here.one(), here.one(), here.one()].map(passes))).toEqual([true, true, false])
    expect(await passes(there.one())).toBe(true)
    // Who is somebody is not counted with those who are nobody.
    expect(await passes(caller({ principal: 'address 192.0.2.1' }).one())).toBe(true)
  })

  it('leaves a caller in the same process alone, who is neither somebody nor somewhere', async () => {
    const { caller } = limited({ ...LIMIT, points: 1 })
    const own = caller({})
    expect(await Promise.all([own.one(), own.one()].map(passes))).toEqual([true, true])
  })

  it.each<[by: LimitKey<Context>, expected: boolean[]]>([
    // Of ann at one address: one, two; of bob at the same: one.
    ['address', [true, false, false]],
    ['procedure', [true, true, false]],
    [
      ['principal', 'procedure'],
      [true, true, true],
    ],
    [
      ['address', 'procedure'],
      [true, true, false],
    ],
    [({ ctx }) => ctx.tenant, [true, false, false]],
    [({ path }) => (path === 'two' ? undefined : 'all'), [true, true, false]],
  ])('counts by %s', async (by, expected) => {
    const { caller } = limited({ points: 1, durationMs: 1_000, by })
    const [ann, bob] = [
      caller({ principal: 'ann', address: '192.0.2.1' }),
      caller({ principal: 'bob', address: '192.0.2.1' }),
    ]
    expect(await Promise.all([ann.one(), ann.two(), bob.one()].map(passes))).toEqual(expected)
  })

  it('counts a subscription once, however many items it gives', async () => {
    const { ran, caller } = limited(LIMIT)
    const ann = caller({ principal: 'ann' })
    for (let opened = 0; opened < 2; opened++) {
      const items: number[] = []
      for await (const item of await ann.each()) items.push(item)
      expect(items).toEqual([1, 2])
    }
    expect(await safe(ann.each())).toMatchObject({ error: { code: 'TOO_MANY_REQUESTS' } })
    expect(ran).toEqual(['each', 'each'])
  })

  it('leaves no count and no timer behind once the time is over', async () => {
    const { caller } = limited(LIMIT)
    await caller({ principal: 'ann' }).one()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(1_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([
    [{ points: 0, durationMs: 1_000 }, '"points" is 0: give a whole number of calls from 1.'],
    [{ points: Number.NaN, durationMs: 1_000 }, '"points" is NaN: give a whole number of calls from 1.'],
    [{ points: 1, durationMs: 0 }, '"durationMs" is 0: give 1 to 2147483647 milliseconds.'],
    [{ points: 1, durationMs: 2 ** 31 }, '"durationMs" is 2147483648: give 1 to 2147483647 milliseconds.'],
  ])('refuses %j', (options, message) => {
    expect(() => rateLimit(options)).toThrow(new TypeError(message))
  })

  it.each(['user', 'toString', ['principal', 'ip'], [], null])('refuses to count by %j', (by) => {
    expect(() => rateLimit({ ...LIMIT, by: by as never })).toThrow(/^"by" has .*: give principal, address, procedure/)
  })

  it('says what is wrong where a function names a call by something else', async () => {
    for (const key of [5, null, Promise.resolve('ann')]) {
      const { ran, caller } = limited({ ...LIMIT, by: () => key as never })
      const message = `"by" gave a value of type ${typeof key}: give a string, or undefined`
      expect(await safe(caller({}).one())).toMatchObject({
        error: { cause: { message: expect.stringContaining(message) } },
      })
      expect(ran).toEqual([])
    }
  })

  it.each([0, Number.NaN, Number.POSITIVE_INFINITY])('refuses to wait for a store for %s ms', (storeTimeoutMs) => {
    const limiter = new RateLimiterMemory({ points: 1, duration: 1 })
    const message = `"storeTimeoutMs" is ${storeTimeoutMs}: give 1 to 2147483647 milliseconds.`
    expect(() => rateLimit({ limiter, storeTimeoutMs })).toThrow(new TypeError(message))
  })
})

/** The answer that each command to the store gets, one for each, as redis gives it: points taken, and their time left. */
type Answer = () => Promise<readonly [taken: number, leftMs: number]>

const down: Answer = () => Promise.reject(new Error('connect ECONNREFUSED'))
const frozen: Answer = () => new Promise(() => {})

function inRedis(answers: Answer[], options: { whenStoreFails?: 'count-here' | 'allow' | 'refuse' } = {}) {
  const lines: string[] = []
  const note = (_fields: object, message: string) => void lines.push(message)
  const logger = { debug: note, info: note, warn: note, error: note }
  const storeClient = { eval: () => (answers.shift() ?? down)() }
  const limiter = new RateLimiterRedis({ storeClient, useRedisPackage: true, points: 1, duration: 60 })
  const { caller } = limited({ limiter, logger, ...options })
  return { lines, ann: caller({ principal: 'ann' }), bob: caller({ principal: 'bob' }) }
}

describe('a rate limit in a store', () => {
  it('counts there', async () => {
    const answers: Answer[] = [async () => [1, 60_000], async () => [2, 12_345]]
    const { ann, lines } = inRedis(answers)
    expect(await passes(ann.one())).toBe(true)
    expect(await safe(ann.one())).toMatchObject({ error: { data: { retryAfterMs: 12_345 } } })
    expect(lines).toEqual([])
  })

  it('counts in its own process while the store fails, and says so once, and that it is back', async () => {
    const { ann, bob, lines } = inRedis([down, down, down, async () => [1, 60_000], down])
    expect(await Promise.all([ann.one(), ann.one(), bob.one()].map(passes))).toEqual([true, false, true])
    expect(lines).toEqual([
      'the store of a rate limit fails; until it works again, calls are counted by each process alone',
    ])
    await ann.one()
    expect(await passes(ann.one())).toBe(false)
    expect(lines.slice(1)).toEqual(['the store of a rate limit works again', lines[0]])
  })

  it.each([
    ['allow', [true, true]],
    ['refuse', [false, false]],
  ] as const)('lets a call that cannot be counted be: %s', async (whenStoreFails, expected) => {
    const { ann, lines } = inRedis([], { whenStoreFails })
    expect(await Promise.all([ann.one(), ann.one()].map(passes))).toEqual(expected)
    expect(lines).toHaveLength(1)
  })

  it('tells those who are refused meanwhile when to come back', async () => {
    const { ann } = inRedis([], { whenStoreFails: 'refuse' })
    expect(await safe(ann.one())).toMatchObject({ error: { code: 'TOO_MANY_REQUESTS', data: { retryAfterMs: 1_000 } } })
  })

  it('does not wait for one that never answers', async () => {
    const { ann, lines } = inRedis([frozen])
    const call = ann.one()
    await vi.advanceTimersByTimeAsync(999)
    expect(lines).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await call
    expect(lines).toHaveLength(1)
  })

  it('does not fail its calls where its logger throws, and lets none through that says no time', async () => {
    const console = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {})
    const logger = { ...SILENT, warn: () => expect.fail('no disk') }
    const consume = () => Promise.reject({ msBeforeNext: Number.NaN })
    const limiter: Limiter = { points: 1, duration: 1, consume }
    const { caller } = limited({ limiter, logger })
    const ann = caller({ principal: 'ann' })
    expect([await passes(ann.one()), await passes(ann.one())]).toEqual([true, false])
    expect(console).toHaveBeenCalledTimes(1)
    console.mockRestore()
  })

  it('says nothing of when where a key is refused for good', async () => {
    const limiter: Limiter = new RateLimiterMemory({ points: 1, duration: 0 })
    const { caller } = limited({ limiter })
    const ann = caller({ principal: 'ann' })
    await ann.one()
    expect(await safe(ann.one())).toMatchObject({ error: { code: 'TOO_MANY_REQUESTS', data: undefined } })
    expect(vi.getTimerCount()).toBe(0)
  })
})
