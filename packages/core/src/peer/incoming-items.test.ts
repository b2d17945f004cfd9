import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import type { Router } from '../contract/router.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { Outbox } from '../session/outbox.ts'
import { Responder } from './responder.ts'

const h = hotline<object>()
const uploads = h.items(z.string())

/** A responder whose call 1 is at `upload` and streams items in, on an outbox that is emptied by hand. */
function open(upload: Router[string], { maxCalls = 8 } = {}) {
  const world = { now: 0, flushes: 0 }
  const outbox = new Outbox()
  const outlet = {
    outbox,
    isAttached: true,
    isFull: false,
    now: () => world.now,
    flushSoon: () => world.flushes++,
    wakeAt: () => {},
  }
  const responder = new Responder(outlet, 'odd', {
    codec: superjsonCodec,
    procedures: new ProcedureTable({ upload }),
    maxCalls,
    maxStreams: 8,
    timeoutMs: 30_000,
    newId: () => 'id-1',
    report: () => {},
  })
  responder.open(1, 'upload', undefined, { items: true })
  const sent = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    const messages: unknown[] = []
    for (let text = outbox.take(0, true); text !== undefined; text = outbox.take(0, true))
      messages.push(JSON.parse(String(text)))
    return messages
  }
  return { responder, world, sent }
}

const { firstCredit, mostCredit } = PROTOCOL_LIMITS
const begun = ['credit', 1, firstCredit]

describe('the items of a call', () => {
  it('earn their sender nothing when the handler leaves them unread', async () => {
    const { responder, world, sent } = open(
      uploads.mutation(async ({ items }) => {
        for await (const _ of items) break
        return new Promise(() => {})
      }),
    )
    responder.calls.onItem(1, 100, 'a', undefined)
    responder.calls.onItem(1, 30_000, 'b', undefined)
    expect(await sent()).toEqual([begun, ['stop', 1]])
    expect(world.flushes).toBe(2)
    responder.calls.onItem(1, 40_000, 'c', undefined)
    expect(await sent()).toEqual([])
  })

  it('fail their call by a code of its own where the schema fails instead of refusing one', async () => {
    const { responder, sent } = open(
      h
        .items(
          z.string().transform((): string => {
            throw new RangeError('of the schema')
          }),
        )
        .mutation(async ({ items }) => {
          for await (const _ of items);
        }),
    )
    responder.calls.onItem(1, 100, 'a', undefined)
    const failed = { code: 'INTERNAL', message: 'The procedure failed: see id-1 in its log.', data: { id: 'id-1' } }
    expect(await sent()).toEqual([begun, ['stop', 1], ['error', 1, failed]])
  })

  it('keep their call from its deadline: as long as they come, and while the handler takes its time with them', async () => {
    const waiting = uploads.mutation(async ({ items }) => {
      for await (const _ of items) await new Promise(() => {})
    })
    const { responder, world, sent } = open(waiting)
    const isStopped = async (now: number) => {
      world.now = now
      responder.sweep(now)
      return (await sent()).some((message) => Array.isArray(message) && message[0] === 'stop')
    }
    world.now = 20_000
    responder.calls.onItem(1, 1, 'a', undefined)
    expect(await isStopped(49_999)).toBe(false)
    for (const item of ['b', 'c']) responder.calls.onItem(1, 1, item, undefined)
    for (const now of [79_999, 109_999, 1e9]) {
      expect([responder.sweep(now), await isStopped(now)]).toEqual([now + 30_000, false])
    }
  })

  it('share what may be out beyond their first credit with those of all other calls', async () => {
    const eager = uploads.mutation(async ({ items }) => {
      for await (const _ of items);
    })
    const { responder, sent } = open(eager, { maxCalls: 30 })
    for (let id = 3; id < 60; id += 2) responder.open(id, 'upload', undefined, { items: true })
    const out = new Map<number, number>()
    for (let round = 0; round < 8; round++) {
      for (const [, id, size] of (await sent()) as [string, number, number][]) out.set(id, size)
      for (const [id, size] of out) responder.calls.onItem(id, size, 'x', undefined)
    }
    const all = [...out.values()].reduce((sum, size) => sum + size, 0)
    expect(all).toBeGreaterThan(2 * 30 * firstCredit)
    expect(all).toBeLessThanOrEqual(30 * firstCredit + 4 * 1024 * 1024)
    // Those that end leave it to others.
    for (const id of out.keys()) responder.cancel(id)
    await sent()
    responder.open(61, 'upload', undefined, { items: true })
    for (let size = firstCredit; size <= mostCredit; size *= 2) {
      responder.calls.onItem(61, size, 'x', undefined)
      expect((await sent()).at(-1)).toEqual(['credit', 61, Math.min(2 * size, mostCredit)])
    }
  })

  it('earn no credit when they have all come, and give the handler its time from then on', async () => {
    const reading = uploads.mutation(async ({ items }) => {
      await new Promise(setImmediate)
      for await (const _ of items);
      return new Promise(() => {})
    })
    const { responder, world, sent } = open(reading)
    world.now = 20_000
    responder.calls.onItem(1, firstCredit, 'x', undefined)
    responder.calls.onEnd(1)
    expect(responder.sweep(world.now)).toBe(50_000)
    world.now = 25_000
    expect([await sent(), await sent(), responder.sweep(world.now)]).toEqual([[begun], [], 55_000])
  })

  it('fail their call by name where one comes after their end', async () => {
    const { responder, sent } = open(uploads.mutation(() => new Promise(() => {})))
    responder.calls.onEnd(1)
    responder.calls.onItem(1, 1, 'late', undefined)
    expect(await sent()).toEqual([begun])
    const stops = open(
      uploads.mutation(
        ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
      ),
    )
    stops.responder.calls.onEnd(1)
    stops.responder.calls.onItem(1, 1, 'late', undefined)
    const message = 'An item of "upload" came after the end of its items: send "end" last.'
    expect(await stops.sent()).toMatchObject([begun, ['error', 1, { code: 'BAD_INPUT', message }]])
  })

  it('are over with their call, for whoever still reads them', async () => {
    let reading: Promise<unknown> | undefined
    const { responder, sent } = open(
      uploads.mutation(({ items }) => {
        reading = items[Symbol.asyncIterator]().next()
        return 'answered'
      }),
    )
    await expect(reading).rejects.toThrow('The call has ended, and with it its items.')
    expect([await sent(), responder.size]).toEqual([[begun, ['result', 1, 'answered']], 0])
  })

  it('set no deadline for a stream that was accepted, read or unread', async () => {
    const chat = uploads.subscription(async function* ({ items, signal }) {
      for await (const item of items) {
        yield item
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      }
    })
    const { responder, sent } = open(chat)
    expect(await sent()).toEqual([begun, ['stream', 1]])
    for (const [item, answered] of [
      ['read', [['item', 1, 7, 'read']]],
      ['unread', []],
    ] as const) {
      responder.calls.onItem(1, 1, item, undefined)
      expect(await sent()).toEqual(answered)
      expect([1_000, 1e9].map((now) => responder.sweep(now))).toEqual(Array(2).fill(Number.POSITIVE_INFINITY))
    }
    expect([await sent(), responder.size]).toEqual([[], 1])
  })

  it("fail their call as its caller's fault, which may have run, where one cannot be decoded", async () => {
    const { responder, sent } = open(
      uploads.mutation(async ({ items }) => {
        for await (const _ of items);
        return 'all read'
      }),
    )
    responder.calls.onItem(1, 1, 'a', { meta: { values: ['no such type'] } })
    responder.calls.onEnd(1)
    const message = 'An item of "upload" could not be decoded: use the same codec on both ends.'
    expect(await sent()).toEqual([
      begun,
      ['stop', 1],
      ['error', 1, { code: 'BAD_INPUT', message, data: { issues: [] } }],
    ])
  })

  it('are not asked for where the handler has left them before they could begin', async () => {
    const { sent } = open(
      uploads.mutation(({ items }) => {
        void items[Symbol.asyncIterator]().return?.()
        return new Promise(() => {})
      }),
    )
    expect(await sent()).toEqual([['stop', 1]])
  })
})
