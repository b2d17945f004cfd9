import { describe, expect, it } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import { formatItem } from '../protocol/format.ts'
import { Outbox } from '../session/outbox.ts'
import { Assembly } from './assembly.ts'
import { Caller } from './caller.ts'
import { deliver } from './peer.ts'
import { Responder } from './responder.ts'

/** A peer with one accepted stream, call 1, and what hands it its messages. */
function setUp() {
  const outbox = new Outbox()
  const outlet = { outbox, isAttached: true, isFull: false, now: () => 0, flushSoon: () => {}, wakeAt: () => {} }
  const common = { codec: superjsonCodec, timeoutMs: 30_000 }
  const caller = new Caller(outlet, { ...common, firstId: 1, queueCharacters: 1_000_000 })
  const responder = new Responder(outlet, 'even', {
    ...common,
    procedures: new ProcedureTable({}),
    maxCalls: 8,
    maxStreams: 8,
    newId: () => 'id',
    report: () => {},
  })
  void caller.call('a', 1)
  outbox.take(0, true)
  const assembly = new Assembly()
  const take = (message: unknown) => deliver({ caller, responder }, { assembly }, message)
  take(['stream', 1])
  return { take }
}

describe('an item that comes in pieces', () => {
  const { text } = formatItem(1, { json: JSON.stringify('x'.repeat(100_000)), meta: undefined }, '')

  it('is taken with the size that it has', () => {
    const { take } = setUp()
    expect(() => take(['piece', text, true])).not.toThrow()
  })

  it('F6: breaks the protocol where it says less than it is: else credit would bound nothing', () => {
    const { take } = setUp()
    const lie = text.replace(/^\["item",1,\d+/, '["item",1,1')
    expect(() => take(['piece', lie, true])).toThrow('An item of call 1 has 100004 characters and says 1')
  })
})
