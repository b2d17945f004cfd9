import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import type { Router } from '../contract/router.ts'
import { gap, tracked } from '../contract/tracked.ts'
import { textOf } from '../protocol/packed.ts'
import { Outbox } from '../session/outbox.ts'
import type { CallReport } from './answer-writer.ts'
import { Responder } from './responder.ts'

const h = hotline<object>()

/** A responder whose call 1 is at `stream`, on an outbox that is emptied by hand. */
function openStream(stream: Router[string]) {
  const outbox = new Outbox()
  const reports: CallReport[] = []
  const outlet = { outbox, isAttached: true, isFull: false, now: () => 0, flushSoon: () => {}, wakeAt: () => {} }
  const responder = new Responder(outlet, 'odd', {
    codec: superjsonCodec,
    procedures: new ProcedureTable({ stream }),
    maxCalls: 8,
    maxStreams: 8,
    timeoutMs: 30_000,
    newId: () => 'id-1',
    report: (report) => reports.push(report),
  })
  responder.open(1, 'stream', undefined, undefined)
  const sent = async () => {
    await settled()
    const messages: unknown[] = []
    for (let text = outbox.take(0, true); text !== undefined; text = outbox.take(0, true))
      messages.push(JSON.parse(textOf(text)))
    return messages
  }
  return { responder, reports, sent }
}

/** What settled promises lead to has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe("a subscription's stream", () => {
  it('is accepted first, then gives its items in order and its result last', async () => {
    const { responder, sent } = openStream(
      h.subscription(async function* () {
        yield 'a'
        yield tracked('e2', 'b')
        yield tracked.start('e3')
        yield gap()
        return 'done'
      }),
    )
    expect(await sent()).toEqual([
      ['stream', 1],
      ['item', 1, 4, 'a'],
      ['item', 1, 21, 'b', { eventId: 'e2' }],
      ['position', 1, { eventId: 'e3' }],
      ['position', 1, { gap: true }],
      ['result', 1, 'done'],
    ])
    expect(responder.size).toBe(0)
  })

  it('may have an item that is undefined, with an id too', async () => {
    const { sent } = openStream(
      h.subscription(async function* () {
        yield undefined
        yield tracked('e1', undefined)
      }),
    )
    const meta = { values: ['undefined'], v: 1 }
    expect(await sent()).toEqual([
      ['stream', 1],
      ['item', 1, 1],
      ['item', 1, 60, null, { eventId: 'e1', meta }],
      ['result', 1],
    ])
  })

  it('E5: that throws in its body ends with the error, and was accepted before', async () => {
    const { reports, sent } = openStream(
      h.subscription(async function* () {
        yield 1
        throw new Error('half way')
      }),
    )
    expect(await sent()).toMatchObject([
      ['stream', 1],
      ['item', 1, 2, 1],
      ['error', 1, { code: 'INTERNAL' }],
    ])
    expect(reports).toHaveLength(1)
  })

  it('that is refused before its iterable exists is never accepted', async () => {
    const { sent } = openStream(
      h.subscription(async ({ input }): Promise<AsyncIterable<number>> => {
        throw new Error(`no ${input}`)
      }),
    )
    expect(await sent()).toMatchObject([['error', 1, { code: 'INTERNAL' }]])
  })

  it.each([
    ['its schema refuses', h.output(z.number()), 'x'],
    ['cannot be encoded', h.output(z.unknown()), () => 1],
  ])('that yields what %s ends once its source has cleaned up', async (_, builder, item) => {
    const steps: string[] = []
    const yieldOne = async function* () {
      try {
        yield item as never
        steps.push('went on')
      } finally {
        await settled()
        steps.push('cleaned up')
      }
    }
    // What either schema says of the item's type makes no difference to the run time.
    const { sent, responder } = openStream((builder as typeof h).subscription(yieldOne))
    expect(await sent()).toEqual([['stream', 1]])
    expect(await sent()).toMatchObject([['error', 1, { code: 'INTERNAL' }]])
    expect([steps, responder.size]).toEqual([['cleaned up'], 0])
  })

  it('is pulled no further than 64 Ki characters ahead of what has left', async () => {
    let pulled = 0
    const { sent, responder } = openStream(
      h.subscription(async function* () {
        for (; pulled < 40; pulled++) yield 'x'.repeat(10_000)
      }),
    )
    await settled()
    responder.calls.onCredit(1, 1_000_000)
    await settled()
    expect(pulled).toBeLessThanOrEqual(7)
    let items = 0
    for (let messages = await sent(); messages.length > 0; messages = await sent()) items += messages.length
    expect(items).toBe(42)
  })
})

describe("a subscription's stream and its credit", () => {
  /** Pulled for ever, by the size that each item is counted with: two quotes and a comma more than its characters. */
  const endless = (size: number, pulled: { count: number }) =>
    h.subscription(async function* () {
      for (;;) {
        pulled.count++
        yield 'x'.repeat(size - 3)
      }
    })

  it.each([
    [10_000, 4],
    [20_000, 2],
    [32_700, 2],
    [1_000, 33],
  ])('F1: lets items of %i go until its credit is used up, one beyond it, and pulls no more', async (size, count) => {
    const pulled = { count: 0 }
    const { sent } = openStream(endless(size, pulled))
    const items = async () => (await sent()).filter((message) => (message as unknown[])[0] === 'item').length
    expect(await items()).toBe(count)
    expect(await items()).toBe(0)
    expect(pulled.count).toBe(count)
  })

  it('F3: goes on when credit comes, by that much', async () => {
    const pulled = { count: 0 }
    const { sent, responder } = openStream(endless(10_000, pulled))
    await sent()
    responder.calls.onCredit(1, 7_232)
    expect(await sent()).toEqual([])
    responder.calls.onCredit(1, 1)
    expect(await sent()).toHaveLength(1)
  })

  it('F7: stays idle while credit dribbles in that is not enough', async () => {
    const pulled = { count: 0 }
    const { responder, sent } = openStream(endless(10_000, pulled))
    await sent()
    for (let given = 0; given < 7_232; given++) responder.calls.onCredit(1, 1)
    await settled()
    expect(pulled.count).toBe(4)
  })

  it('begins with less where its call says so', async () => {
    const pulled = { count: 0 }
    const { responder, sent } = openStream(endless(10_000, pulled))
    await sent()
    responder.open(3, 'stream', undefined, { credit: 0 })
    expect(await sent()).toEqual([['stream', 3]])
    responder.calls.onCredit(3, 1)
    expect(await sent()).toHaveLength(1)
  })

  it('F6: breaks the protocol for credit of a call that was never made, and for more than there are numbers', async () => {
    const { responder, sent } = openStream(endless(10_000, { count: 0 }))
    await sent()
    expect(() => responder.calls.onCredit(3, 1)).toThrow('Message "credit" is for call 3: expected one that has begun.')
    expect(() => responder.calls.onCredit(1, Number.MAX_SAFE_INTEGER)).not.toThrow()
    expect(() => responder.calls.onCredit(1, Number.MAX_SAFE_INTEGER)).toThrow('more than any stream can use')
  })

  it('F6: breaks the protocol for credit of a call that is no stream, and lets it cross the end of one', async () => {
    const { responder, sent } = openStream(h.mutation(() => new Promise(() => {})))
    expect(() => responder.calls.onCredit(1, 1)).toThrow(
      'Message "credit" is for call 1: expected one that is a stream.',
    )
    responder.open(3, 'nowhere', undefined, undefined)
    await sent()
    expect(responder.calls.onCredit(3, 1)).toBe(true)
  })

  it('F5: ends while it waits for credit when it is left', async () => {
    const { responder, sent } = openStream(endless(40_000, { count: 0 }))
    await sent()
    responder.cancel(1)
    expect(await sent()).toMatchObject([['error', 1, { code: 'CANCELLED' }]])
    expect(responder.size).toBe(0)
  })
})

describe("a subscription's stream that its consumer leaves", () => {
  it('E7, E19: stops its source, whose finally runs once, and gives nothing more', async () => {
    const steps: string[] = []
    const { responder, sent } = openStream(
      h.subscription(async function* ({ signal }) {
        try {
          yield 1
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
          yield 2
        } finally {
          steps.push('cleaned up')
        }
      }),
    )
    expect(await sent()).toHaveLength(2)
    responder.cancel(1)
    responder.cancel(1)
    const messages = await sent()
    expect(messages).toHaveLength(1)
    expect(messages).not.toContainEqual(expect.arrayContaining(['item']))
    expect([steps, responder.size]).toEqual([['cleaned up'], 0])
  })

  it('E1, E3: before its iterable exists has it ended unread, by one return()', async () => {
    const returns: number[] = []
    const source: AsyncIterable<unknown, unknown> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: returns.length > 0, value: 'never read' }),
        return: async () => ({ done: true, value: returns.push(1) }),
      }),
    }
    const { responder, sent } = openStream(h.subscription(async () => source))
    responder.cancel(1)
    const messages = await sent()
    expect(messages.filter((message) => (message as unknown[])[0] === 'item')).toEqual([])
    expect([returns, responder.size]).toEqual([[1], 0])
  })

  it.each([
    ['at once', (source: AsyncIterable<unknown>) => h.subscription(() => source)],
    ['later', (source: AsyncIterable<unknown>) => h.subscription(async () => source)],
  ])('E5: that cannot even be begun, as a locked ReadableStream, fails alone: given %s', async (_, procedure) => {
    const locked: AsyncIterable<unknown> = {
      [Symbol.asyncIterator]() {
        throw new TypeError('It is locked.')
      },
    }
    const { responder, reports, sent } = openStream(procedure(locked))
    const error = { code: 'INTERNAL', data: { id: 'id-1' }, message: expect.any(String) }
    expect(await sent()).toEqual([
      ['stream', 1],
      ['error', 1, error],
    ])
    expect([responder.size, reports.length]).toEqual([0, 1])
  })

  it('E6: whose finally takes for ever keeps its place, and has its last word when it has ended', async () => {
    let release: () => void = () => {}
    const { responder, sent } = openStream(
      h.subscription(async function* () {
        try {
          yield 1
        } finally {
          await new Promise<void>((resolve) => {
            release = resolve
          })
        }
      }),
    )
    await sent()
    responder.cancel(1)
    expect([await sent(), responder.size]).toEqual([[], 1])
    release()
    expect(await sent()).toEqual([['error', 1, { code: 'CANCELLED', message: expect.any(String) }]])
    expect(responder.size).toBe(0)
  })

  it('while it waits for room is let go', async () => {
    const steps: string[] = []
    const { responder } = openStream(
      h.subscription(async function* () {
        try {
          for (;;) yield 'x'.repeat(50_000)
        } finally {
          steps.push('cleaned up')
        }
      }),
    )
    await settled()
    responder.cancel(1)
    await settled()
    expect([steps, responder.size]).toEqual([['cleaned up'], 0])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', async () => Promise.reject(new Error('no'))],
  ])('ends even where the return() of its source %s', async (_, stop) => {
    let steps = 0
    const { responder } = openStream(
      h.subscription(async () => ({
        [Symbol.asyncIterator]: () => ({
          async next() {
            await settled()
            return { done: false, value: steps++ }
          },
          return: stop as () => Promise<IteratorResult<number>>,
        }),
      })),
    )
    await settled()
    expect(() => responder.cancel(1)).not.toThrow()
    await settled()
    await settled()
    expect([responder.size, steps]).toEqual([0, expect.any(Number)])
  })

  it('D6: ends with its session, and leaves nothing behind', async () => {
    const steps: string[] = []
    const { responder, reports, sent } = openStream(
      h.subscription(async function* ({ signal }) {
        try {
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          yield 1
        } finally {
          steps.push('cleaned up')
        }
      }),
    )
    await sent()
    responder.end('gone')
    expect(await sent()).toEqual([])
    expect([steps, reports, responder.size]).toEqual([['cleaned up'], [], 0])
  })
})
