import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import type { Router } from '../contract/router.ts'
import { Outbox } from '../session/outbox.ts'
import { Responder } from './responder.ts'

const h = hotline<object>()
const uploads = h.items(z.string())

/** A responder whose call 1 is at `upload` and streams items in, on an outbox that is emptied by hand. */
function open(upload: Router[string]) {
  const world = { now: 0 }
  const outbox = new Outbox()
  const outlet = {
    outbox,
    isAttached: true,
    isFull: false,
    now: () => world.now,
    flushSoon: () => {},
    wakeAt: () => {},
  }
  const responder = new Responder(outlet, 'odd', {
    codec: superjsonCodec,
    procedures: new ProcedureTable({ upload }),
    maxCalls: 8,
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

const begun = ['credit', 1, 32_768]

describe('the items of a call', () => {
  it('earn their sender nothing when the handler leaves them unread', async () => {
    const { responder, sent } = open(
      uploads.mutation(async ({ items }) => {
        for await (const _ of items) break
        return new Promise(() => {})
      }),
    )
    responder.calls.onItem(1, 100, 'a', undefined)
    responder.calls.onItem(1, 30_000, 'b', undefined)
    expect(await sent()).toEqual([begun, ['stop', 1]])
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
