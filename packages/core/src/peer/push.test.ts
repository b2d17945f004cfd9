import { EventEmitter } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import type { Codec } from '../codec/codec.ts'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import type { Router } from '../contract/router.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { type Attached, type Packed, textOf } from '../protocol/packed.ts'
import { Outbox } from '../session/outbox.ts'
import { fromEvent } from '../source/from-event.ts'
import { source } from '../source/source.ts'
import { topic } from '../source/topic.ts'
import type { CallReport } from './answer-writer.ts'
import { Responder } from './responder.ts'

const h = hotline<object>()
const counted = { ...superjsonCodec, encode: vi.fn(superjsonCodec.encode) }

/** One subscriber: a responder whose call 1 is at `stream`, on an outbox that is emptied by hand. */
function subscribe(stream: Router[string], codec: Codec = counted) {
  const outbox = new Outbox()
  const reports: CallReport[] = []
  const outlet = { outbox, isAttached: true, isFull: false, now: () => 0, flushSoon: () => {}, wakeAt: () => {} }
  const responder = new Responder(outlet, 'odd', {
    codec,
    procedures: new ProcedureTable({ stream }),
    maxCalls: 8,
    maxStreams: 8,
    timeoutMs: 30_000,
    newId: () => 'id-1',
    report: (report) => reports.push(report),
  })
  responder.open(1, 'stream', undefined, undefined)
  const sent = () => {
    const messages: unknown[] = []
    for (let text = outbox.take(0, true); text !== undefined; text = outbox.take(0, true))
      messages.push(JSON.parse(textOf(text)))
    return messages
  }
  const sentLater = async () => {
    await settled()
    return sent()
  }
  return { responder, reports, outbox, outlet, sent, sentLater }
}

function hasBytes(message: Packed | undefined): message is Attached {
  return typeof message === 'object'
}

/** What settled promises lead to has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Items of 1,024 characters: 32 of them are a stream's first credit. */
const KILO = 'x'.repeat(1_021)
const FIRST = PROTOCOL_LIMITS.firstCredit / 1_024

describe('an event of a topic', () => {
  it('is in the lane of every subscriber when publish() returns, checked and encoded once', () => {
    const news = topic<{ n: number }>()
    const check = vi.fn(() => true)
    const follow = h
      .output(z.object({ n: z.number().refine(check) }))
      .subscription(() => news.subscribe({ whenFull: 'fail' }))
    const subscribers = Array.from({ length: 200 }, () => subscribe(follow))
    for (const { sent } of subscribers) expect(sent()).toEqual([['stream', 1]])
    counted.encode.mockClear()
    news.publish({ n: 1 }, { id: 'e1' })
    for (const { sent } of subscribers) expect(sent()).toEqual([['item', 1, 25, { n: 1 }, { eventId: 'e1' }]])
    expect(check).toHaveBeenCalledTimes(1)
    expect(counted.encode).toHaveBeenCalledTimes(1)
  })

  it('is checked for each schema by itself', () => {
    const news = topic<{ n: number; secret: string }>()
    const open = subscribe(h.subscription(() => news.subscribe({ whenFull: 'fail' })))
    const strict = h.output(z.object({ n: z.number() })).subscription(() => news.subscribe({ whenFull: 'fail' }))
    const [one, other] = [subscribe(strict), subscribe(strict)]
    news.publish({ n: 1, secret: 's' })
    expect(open.sent()).toEqual([
      ['stream', 1],
      ['item', 1, 21, { n: 1, secret: 's' }],
    ])
    for (const { sent } of [one, other])
      expect(sent()).toEqual([
        ['stream', 1],
        ['item', 1, 8, { n: 1 }],
      ])
  })

  it('is encoded by each codec by itself', () => {
    const news = topic<number>()
    const follow = h.subscription(() => news.subscribe({ whenFull: 'fail' }))
    const negated: Codec = {
      encode: (value) => ({ json: String(-Number(value)), meta: undefined }),
      decode: (json) => json,
    }
    const [plain, other] = [subscribe(follow), subscribe(follow, negated)]
    news.publish(7)
    expect([plain.sent()[1], other.sent()[1]]).toEqual([
      ['item', 1, 2, 7],
      ['item', 1, 3, -7],
    ])
  })

  it('keeps its place where its schema answers later', async () => {
    const news = topic<number>()
    // The first answers last.
    const slower = async (n: number) => {
      for (let turns = 24 / n; turns > 0; turns--) await undefined
      return true
    }
    const follow = h.output(z.number().refine(slower)).subscription(() => news.subscribe({ whenFull: 'fail' }))
    const subscribers = [subscribe(follow), subscribe(follow)]
    counted.encode.mockClear()
    for (const n of [1, 2, 3]) news.publish(n)
    for (const { sentLater } of subscribers) {
      expect(await sentLater()).toEqual([['stream', 1], ...[1, 2, 3].map((n) => ['item', 1, 2, n])])
    }
    expect(counted.encode).toHaveBeenCalledTimes(3)
  })

  it('shares its bytes among all streams, and they count against the credit of each', () => {
    const news = topic<Uint8Array>()
    const follow = h.subscription(() => news.subscribe({ whenFull: 'drop-oldest' }))
    const subscribers = [subscribe(follow), subscribe(follow)]
    for (let n = 0; n < 3; n++) news.publish(new Uint8Array(20_000))
    const items = subscribers.map(({ outbox }) =>
      Array.from({ length: 4 }, () => outbox.take(0, true)).filter(hasBytes),
    )
    // The third has no credit. What was published is copied once.
    expect(items.map(({ length }) => length)).toEqual([2, 2])
    expect(items[0]?.[0]?.attachments).toBe(items[1]?.[0]?.attachments)
  })

  it('that does not fit ends the streams whose schema says so, and harms neither publish() nor others', async () => {
    const news = topic<unknown>()
    const strict = h
      .output(z.object({ n: z.number() }))
      .subscription(() => news.subscribe({ whenFull: 'fail' }) as never)
    const [one, other, open] = [
      subscribe(strict),
      subscribe(strict),
      subscribe(h.subscription(() => news.subscribe({ whenFull: 'fail' }))),
    ]
    news.publish('x')
    expect(news.size).toBe(1)
    for (const { sentLater, responder } of [one, other]) {
      expect(await sentLater()).toEqual([
        ['stream', 1],
        ['error', 1, expect.objectContaining({ code: 'INTERNAL' })],
      ])
      expect(responder.size).toBe(0)
    }
    expect(open.sent()).toEqual([
      ['stream', 1],
      ['item', 1, 4, 'x'],
    ])
  })

  it('that turns out later not to fit ends its stream, and is no concern of one that was left meanwhile', async () => {
    const news = topic<number>()
    const slow = z.number().refine(async () => {
      for (let turns = 0; turns < 10; turns++) await undefined
      return false
    })
    const follow = h.output(slow).subscription(() => news.subscribe({ whenFull: 'fail' }))
    const [stays, leaves] = [subscribe(follow), subscribe(follow)]
    news.publish(1)
    leaves.responder.cancel(1)
    for (const [{ sentLater, responder, reports }, code, reported] of [
      [stays, 'INTERNAL', 1],
      [leaves, 'CANCELLED', 0],
    ] as const) {
      expect(await sentLater()).toMatchObject([
        ['stream', 1],
        ['error', 1, { code }],
      ])
      expect([reports.length, responder.size]).toEqual([reported, 0])
    }
    expect(news.size).toBe(0)
  })

  it('may pass through a generator of the handler on its way', async () => {
    const numbers = topic<number>()
    const { sentLater } = subscribe(
      h.subscription(async function* () {
        for await (const given of numbers.subscribe({ whenFull: 'latest' }))
          if (typeof given === 'number') yield given * 2
      }),
    )
    await settled()
    numbers.publish(21)
    expect(await sentLater()).toEqual([
      ['stream', 1],
      ['item', 1, 3, 42],
    ])
  })
})

describe('a subscriber without credit', () => {
  it('E15: gets as much as its credit, then what its policy kept, and how many it missed', async () => {
    const news = topic<string>()
    const { responder, sentLater } = subscribe(
      h.subscription(() => news.subscribe({ whenFull: 'drop-oldest', capacity: 4 })),
    )
    for (let n = 0; n < FIRST + 10; n++) news.publish(KILO)
    expect(await sentLater()).toHaveLength(1 + FIRST)
    responder.calls.onCredit(1, 8 * 1_024)
    expect(await sentLater()).toEqual([
      ['position', 1, { gap: true, missed: 6 }],
      ...Array(4).fill(['item', 1, 1_024, KILO]),
    ])
    news.publish('now')
    expect(await sentLater()).toEqual([['item', 1, 6, 'now']])
  })

  it('E15: is told SLOW_CONSUMER by name where nothing may be missing, and its source is left', async () => {
    const emitter = new EventEmitter()
    const { responder, reports, sentLater } = subscribe(
      h.subscription(() => fromEvent<string>(emitter, 'said', { whenFull: 'fail', capacity: 2 })),
    )
    for (let n = 0; n < FIRST + 3; n++) emitter.emit('said', KILO)
    expect(emitter.listenerCount('said')).toBe(0)
    const messages = await sentLater()
    expect(messages).toHaveLength(1 + FIRST + 1)
    const message = 'The stream was ended because 2 items waited for their reader: read faster, or ask for fewer.'
    expect(messages.at(-1)).toEqual(['error', 1, { code: 'SLOW_CONSUMER', message }])
    expect([responder.size, reports]).toEqual([0, []])
  })

  it('is told by name too where a generator of the handler lets it pass, and not where a handler makes the error', async () => {
    const emitter = new EventEmitter()
    const passing = subscribe(
      h.subscription(async function* () {
        yield* fromEvent<string>(emitter, 'said', { whenFull: 'fail', capacity: 1 })
      }),
    )
    await settled()
    for (let n = 0; n < 3; n++) emitter.emit('said', 'x')
    expect((await passing.sentLater()).at(-1)).toMatchObject(['error', 1, { code: 'SLOW_CONSUMER' }])
    const making = subscribe(
      h.subscription(async function* () {
        yield 1
        throw new HotlineError('SLOW_CONSUMER')
      }),
    )
    expect((await making.sentLater()).at(-1)).toMatchObject(['error', 1, { code: 'INTERNAL' }])
  })

  it('gets one event and then the newest, while it is away and much is kept for it', async () => {
    const news = topic<number>()
    const { outlet, sent, sentLater } = subscribe(h.subscription(() => news.subscribe({ whenFull: 'latest' })))
    sent()
    outlet.isFull = true
    for (let n = 1; n <= 5; n++) news.publish(n)
    const oneByOne = [await sentLater(), await sentLater(), await sentLater()]
    expect(oneByOne).toEqual([[['item', 1, 2, 1]], [['position', 1, { gap: true, missed: 3 }]], [['item', 1, 2, 5]]])
  })

  it('lets a source that can wait produce no further', async () => {
    let produced = 0
    const { responder, sentLater } = subscribe(
      h.subscription(() =>
        source<string>(
          async (push, { signal }) => {
            for (; !signal.aborted; produced++) await push(KILO)
          },
          { whenFull: 'block', capacity: 2 },
        ),
      ),
    )
    expect(await sentLater()).toHaveLength(1 + FIRST)
    expect(produced).toBe(FIRST + 2)
    responder.cancel(1)
    expect(await sentLater()).toMatchObject([['error', 1, { code: 'CANCELLED' }]])
    expect(produced).toBe(FIRST + 3)
  })

  it('F2: keeps none of 1,000 others waiting, and no more than its policy lets it', async () => {
    const news = topic<string>()
    const follow = h.subscription(() => news.subscribe({ whenFull: 'drop-oldest', capacity: 8 }))
    const slow = subscribe(follow)
    const others = Array.from({ length: 1_000 }, () => subscribe(follow))
    const published = FIRST * 2
    for (let n = 0; n < published; n++) {
      news.publish(KILO)
      for (const { outbox, responder } of others) {
        while (outbox.take(0, true) !== undefined);
        responder.calls.onCredit(1, 1_024)
      }
    }
    expect(slow.outbox.characters).toBeLessThan(PROTOCOL_LIMITS.firstCredit + FIRST * 32)
    slow.responder.calls.onCredit(1, 64 * 1_024)
    const messages = await slow.sentLater()
    expect(messages.filter((message) => Array.isArray(message) && message[0] === 'item')).toHaveLength(FIRST + 8)
    expect(messages).toContainEqual(['position', 1, { gap: true, missed: published - FIRST - 8 }])
  })
})

describe('E19: the listeners of an emitter are gone', () => {
  const ends: readonly (readonly [string, (responder: Responder) => void])[] = [
    ['is cancelled', (responder) => responder.cancel(1)],
    ['is lost with its session', (responder) => responder.end('The client did not come back.')],
  ]

  it.each(ends)('when their stream %s, with credit or without', async (_, end) => {
    const emitter = new EventEmitter().setMaxListeners(20)
    const streams = Array.from({ length: 20 }, () =>
      subscribe(h.subscription(() => fromEvent<string>(emitter, 'said', { whenFull: 'drop-oldest' }))),
    )
    expect(emitter.listenerCount('said')).toBe(20)
    for (let n = 0; n < FIRST * 2; n++) emitter.emit('said', KILO)
    for (const { responder } of streams) end(responder)
    await settled()
    expect(emitter.listenerCount('said')).toBe(0)
    for (const { responder } of streams) expect(responder.size).toBe(0)
  })
})

describe('a source that pushes', () => {
  it('ends its stream behind what it pushed, and without credit too', async () => {
    const { sent, sentLater } = subscribe(
      h.subscription(() =>
        source<string>(
          (push, { end }) => {
            for (let n = 0; n < FIRST; n++) void push(KILO)
            end()
          },
          { whenFull: 'fail' },
        ),
      ),
    )
    expect(sent()).toHaveLength(1 + FIRST)
    expect(await sentLater()).toEqual([['result', 1]])
  })

  it('ends its stream behind an item whose schema answers later', async () => {
    const slow = z.number().refine(async () => {
      for (let turns = 0; turns < 10; turns++) await undefined
      return true
    })
    const follow = (error: HotlineError | undefined) =>
      h.output(slow).subscription(() =>
        source<number>(
          (push, { end, fail }) => {
            void push(7)
            if (error === undefined) end()
            else fail(error)
          },
          { whenFull: 'fail' },
        ),
      )
    for (const [error, last] of [
      [undefined, ['result', 1]],
      [new HotlineError('CONFLICT'), ['error', 1, { code: 'CONFLICT' }]],
    ] as const) {
      const { sentLater } = subscribe(follow(error))
      expect(await sentLater()).toMatchObject([['stream', 1], ['item', 1, 2, 7], last])
    }
  })

  it('fails with what was wrong with its item, whatever its undo throws then', async () => {
    const begin = (push: (item: unknown) => void) => {
      push(() => 'a function')
      return () => {
        throw new Error('could not stop')
      }
    }
    const { reports, sentLater } = subscribe(h.subscription(() => source<unknown>(begin, { whenFull: 'fail' })))
    expect(await sentLater()).toMatchObject([
      ['stream', 1],
      ['error', 1, { code: 'INTERNAL' }],
    ])
    expect(reports).toMatchObject([{ reason: { code: 'NOT_ENCODABLE' } }])
  })

  it('fails its stream as a handler that throws would', async () => {
    const { reports, sentLater } = subscribe(
      h
        .errors({ GONE: z.object({ id: z.string() }) })
        .subscription(({ errors }) =>
          source<string>((_, { fail }) => fail(errors.GONE({ id: 'a' })), { whenFull: 'fail' }),
        ),
    )
    expect(await sentLater()).toMatchObject([
      ['stream', 1],
      ['error', 1, { code: 'GONE', data: { id: 'a' } }],
    ])
    expect(reports).toEqual([])
  })
})
