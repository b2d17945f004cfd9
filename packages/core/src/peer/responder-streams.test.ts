import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import type { Router } from '../contract/router.ts'
import { gap, tracked } from '../contract/tracked.ts'
import { Outbox } from '../session/outbox.ts'
import { sessionLost } from './peer.ts'
import { type CallReport, Responder } from './responder.ts'

const h = hotline<object>()

/** A responder whose call 1 is at `stream`, on an outbox that is emptied by hand. */
function openStream(stream: Router[string]) {
  const outbox = new Outbox()
  const reports: CallReport[] = []
  const outlet = { outbox, isFull: false, now: () => 0, flushSoon: () => {}, wakeAt: () => {} }
  const responder = new Responder(outlet, 'odd', {
    codec: superjsonCodec,
    procedures: new ProcedureTable({ stream }),
    maxCalls: 8,
    timeoutMs: 30_000,
    newId: () => 'id-1',
    report: (report) => reports.push(report),
  })
  responder.open(1, 'stream', undefined, undefined)
  const sent = async () => {
    await settled()
    const messages: unknown[] = []
    for (let text = outbox.take(0); text !== undefined; text = outbox.take(0)) messages.push(JSON.parse(text))
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
      ['item', 1, 'a'],
      ['item', 1, 'b', { eventId: 'e2' }],
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
      ['item', 1],
      ['item', 1, null, { eventId: 'e1', meta }],
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
      ['item', 1, 1],
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
    const { sent } = openStream(
      h.subscription(async function* () {
        for (; pulled < 40; pulled++) yield 'x'.repeat(10_000)
      }),
    )
    await settled()
    expect(pulled).toBeLessThanOrEqual(7)
    let items = 0
    for (let messages = await sent(); messages.length > 0; messages = await sent()) items += messages.length
    expect(items).toBe(42)
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
    responder.end(sessionLost('gone'))
    expect(await sent()).toEqual([])
    expect([steps, reports, responder.size]).toEqual([['cleaned up'], [], 0])
  })
})
