import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import type { Router } from '../contract/router.ts'
import { textOf } from '../protocol/packed.ts'
import { Floods } from '../session/floods.ts'
import { ENTRY_CHARACTERS, Holdings } from '../session/holdings.ts'
import { Outbox } from '../session/outbox.ts'
import { topic } from '../source/topic.ts'
import { Responder } from './responder.ts'

const h = hotline<object>()
const OPENS = { perSecond: 1, burst: 4 }
const CONTROLS = { perSecond: 1, burst: 0 }

function setUp(router: Router) {
  const [outbox, holdings, world] = [new Outbox(), new Holdings(), { now: 0 }]
  const floods = new Floods({ opens: OPENS, controls: CONTROLS }, { now: () => world.now })
  const outlet = { outbox, isAttached: true, isFull: false, now: () => world.now, flushSoon() {}, wakeAt() {} }
  const responder = new Responder(outlet, 'odd', {
    codec: superjsonCodec,
    procedures: new ProcedureTable(router),
    maxCalls: 100,
    maxStreams: 8,
    timeoutMs: 30_000,
    floods,
    holdings,
    newId: () => 'id',
    report: () => {},
  })
  const sent = () => {
    const messages: unknown[] = []
    for (let text = outbox.take(0, true); text !== undefined; text = outbox.take(0, true))
      messages.push(JSON.parse(textOf(text)))
    return messages
  }
  /** Opens a call whose message has this size. */
  const open = (id: number, path: string, size = 30, input: unknown = undefined) => {
    holdings.messageSize = size
    responder.open(id, path, input)
  }
  return { responder, holdings, outbox, world, sent, open }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const never = () => new Promise<never>(() => {})
/** Ends when it is told to. */
function heeding({ signal }: { readonly signal: AbortSignal }): Promise<string> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('stopped')))
}

describe('a caller in a hurry', () => {
  it('X23: gets TOO_MANY_REQUESTS for a subscription too many, and may open it when it has waited', async () => {
    const { responder, world, sent, open } = setUp({ news: h.subscription(async function* () {}) })
    for (const id of [1, 3, 5, 7]) open(id, 'news')
    await settled()
    sent()
    open(9, 'news')
    const data = { retryAfterMs: 1_000 }
    expect(sent()).toMatchObject([['error', 9, { code: 'TOO_MANY_REQUESTS', data, mayHaveRun: false }]])
    world.now = 1_000
    open(11, 'news')
    expect(sent()[0]).toEqual(['stream', 11])
    await settled()
    expect(responder.size).toBe(0)
  })

  it('has as many streams as it may have, and another when one of them has ended', async () => {
    const { responder, world, sent, open } = setUp({
      wait: h.mutation(heeding),
      news: h.subscription(async function* (call) {
        yield await heeding(call)
      }),
    })
    const codes = (ids: readonly number[]) => {
      for (const id of ids) {
        open(id, 'news')
        world.now += 1_000
      }
      return JSON.stringify(sent()).match(/"[A-Z_]{3,}"/g)
    }
    for (let id = 101; id < 121; id += 2) open(id, 'wait')
    expect(codes([1, 3, 5, 7, 9, 11, 13, 15])).toBeNull()
    expect(codes([17])).toEqual(['"TOO_MANY_STREAMS"'])
    for (const id of [1, 101, 103]) responder.cancel(id)
    await settled()
    sent()
    expect(codes([19])).toBeNull()
    expect(codes([21])).toEqual(['"TOO_MANY_STREAMS"'])
    responder.end('over')
  })

  it('X23: is closed with FLOOD where it goes on through another burst of refusals', () => {
    const { open, sent } = setUp({ news: h.subscription(async function* () {}) })
    for (const id of [1, 3, 5, 7, 9, 11, 13, 15]) open(id, 'news')
    expect(() => open(17, 'news')).toThrow('too fast, refused ones included')
    expect(sent().filter((message) => JSON.stringify(message).includes('TOO_MANY_REQUESTS'))).toHaveLength(4)
  })

  it('X23: may call as often as it likes where calls run to their end, and where they are refused', async () => {
    const { open, responder } = setUp({ add: h.query(() => 1), slow: h.query(async () => 1) })
    for (let id = 1; id < 200; id += 2) open(id, id % 4 === 1 ? 'add' : 'nothing')
    for (let id = 201; id < 300; id += 2) open(id, 'slow')
    await settled()
    for (let id = 1; id < 300; id += 2) responder.cancel(id)
    expect(responder.size).toBe(0)
  })

  it('X23: may cancel as many running calls as two bursts, and then is closed; their handlers count until they end', () => {
    const { open, responder } = setUp({ stubborn: h.mutation(never) })
    for (let id = 1; id < 20; id += 2) open(id, 'stubborn')
    for (const id of [1, 3, 5, 7, 9, 11, 13, 15]) responder.cancel(id)
    expect(() => responder.cancel(17)).toThrow('too fast')
    expect(responder.size).toBe(10)
  })

  it('leaves the streams that it opened free of charge', async () => {
    const { open, responder } = setUp({
      news: h.subscription(async function* (call) {
        yield await heeding(call)
      }),
    })
    for (const id of [1, 3, 5, 7]) open(id, 'news')
    for (const id of [1, 3, 5, 7]) responder.cancel(id)
    await settled()
    expect(responder.size).toBe(0)
    // The bucket is empty, but nothing of the second one is used up.
    for (const id of [9, 11, 13, 15]) open(id, 'news')
    expect(() => open(17, 'news')).toThrow('too fast')
  })

  it('X23: is refused where it shows only when the procedure is there, and closed when it goes on', async () => {
    const part = h.router({ news: h.subscription(async function* () {}) })
    const { open, sent } = setUp({ admin: h.lazy(async () => part) as never })
    for (let id = 1; id < 20; id += 2) open(id, 'admin.news')
    await settled()
    const messages = sent()
    expect(messages.filter((message) => JSON.stringify(message).includes('TOO_MANY_REQUESTS'))).toHaveLength(6)
    expect(messages).toContainEqual(['error', 19, expect.objectContaining({ data: { retryAfterMs: 1_000 } })])
    expect(() => open(21, 'admin.news')).toThrow('too fast')
  })

  it('X23: has calls of a procedure that is still being loaded counted as running', async () => {
    const { open, responder, holdings, sent } = setUp({ admin: h.lazy(never) as never })
    for (let id = 1; id < 300; id += 2) open(id, 'admin.list', 1_000)
    expect([responder.size, holdings.size]).toEqual([100, 100_000])
    expect(sent()).toHaveLength(50)
    responder.cancel(1)
    expect([responder.size, holdings.size]).toEqual([99, 99_000])
    responder.end('over')
    expect([responder.size, holdings.size]).toEqual([0, 0])
  })

  it('has what such a call holds counted as before when its procedure is there', async () => {
    const part = h.router({ wait: h.mutation(heeding) })
    const { open, responder, holdings } = setUp({ admin: h.lazy(async () => part) as never })
    open(1, 'admin.wait', 1_000)
    open(3, 'admin.wait', 200)
    expect(holdings.size).toBe(1_200)
    await settled()
    expect([holdings.size, responder.calls.inputs]).toEqual([1_200, 1_200])
    responder.cancel(1)
    await settled()
    expect(holdings.size).toBe(200)
    responder.cancel(3)
  })
})

describe('what is kept for a caller and from it', () => {
  it('has the inputs of the calls that run', async () => {
    const { open, responder, holdings } = setUp({ wait: h.mutation(heeding), add: h.query(() => 1) })
    open(1, 'add', 500)
    open(3, 'wait', 1_000)
    open(5, 'wait', 20)
    expect([holdings.size, responder.calls.inputs]).toEqual([1_020, 1_020])
    responder.cancel(3)
    await settled()
    expect(holdings.size).toBe(20)
    responder.cancel(5)
    await settled()
    expect(holdings.size).toBe(0)
  })

  it('has the items that no handler has read, however small they are, and nothing of them when the call is over', async () => {
    const upload = h.items(z.number()).mutation(async ({ items, signal }) => {
      for await (const item of items) if (item === 1) break
      return heeding({ signal })
    })
    const { responder, holdings } = setUp({ upload, ignore: h.items(z.number()).mutation(heeding) })
    responder.open(1, 'ignore', undefined, { items: true })
    for (let item = 0; item < 100; item++) responder.calls.onItem(1, 1, item, undefined)
    expect(holdings.size).toBe(100 * (1 + ENTRY_CHARACTERS))
    responder.cancel(1)
    await settled()
    expect(holdings.size).toBe(0)
    responder.open(3, 'upload', undefined, { items: true })
    for (let item = 0; item < 100; item++) responder.calls.onItem(3, 1, item, undefined)
    await settled()
    expect(holdings.size).toBe(0)
    // What was on its way when it was no longer wanted.
    for (let item = 0; item < 100; item++) responder.calls.onItem(3, 1, item, undefined)
    expect(holdings.size).toBe(0)
    responder.cancel(3)
  })

  it('X31: has what waits in a topic for a stream whose reader has no credit left', async () => {
    const changes = topic<string>()
    const { responder, holdings, open, sent } = setUp({
      changes: h.subscription(() => changes.subscribe({ whenFull: 'drop-oldest', capacity: 10 })),
    })
    open(1, 'changes', 0)
    await settled()
    changes.publish('x'.repeat(40_000))
    expect(holdings.size).toBe(0)
    for (let event = 0; event < 50; event++) changes.publish(`${event}`)
    expect(holdings.size).toBe(10 * ENTRY_CHARACTERS)
    sent()
    responder.calls.onCredit(1, 50_000)
    await settled()
    expect(holdings.size).toBe(0)
    changes.publish('x'.repeat(60_000))
    for (let event = 0; event < 5; event++) changes.publish(`${event}`)
    expect(holdings.size).toBe(5 * ENTRY_CHARACTERS)
    responder.cancel(1)
    await settled()
    expect([holdings.size, changes.size]).toEqual([0, 0])
  })
})

describe('credit', () => {
  it('F7, X24: is earned by items: two for each stream, and one for each item', async () => {
    const { open, responder } = setUp({
      numbers: h.subscription(async function* () {
        for (let item = 0; item < 5; item++) yield item
        await never()
      }),
    })
    open(1, 'numbers')
    await settled()
    const credits = Array.from({ length: 9 }, () => responder.calls.onCredit(1, 1))
    expect(credits).toEqual([true, true, true, true, true, true, true, false, false])
  })
})

describe('a server that stops', () => {
  it('G2: tells the callers of mutations that nobody will run again, and no one else', () => {
    const { open, responder, sent } = setUp({
      pay: h.mutation(never),
      list: h.query(never),
      set: h.idempotent().mutation(never),
    })
    open(1, 'pay')
    open(3, 'list')
    open(5, 'set')
    responder.open(7, 'pay', undefined, { idempotencyKey: 'k' })
    responder.cutOff()
    expect(sent()).toMatchObject([
      ['error', 1, { code: 'OUTCOME_UNKNOWN', message: expect.stringContaining('stopped') }],
    ])
  })
})
