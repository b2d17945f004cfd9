import { describe, expect, it } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import { formatItem } from '../protocol/format.ts'
import { Floods } from '../session/floods.ts'
import { Outbox } from '../session/outbox.ts'
import { topic } from '../source/topic.ts'
import { Assembly } from './assembly.ts'
import { Caller } from './caller.ts'
import { deliver } from './peer.ts'
import { Responder } from './responder.ts'

/** A peer with one accepted stream, call 1, and what hands it its messages. */
function setUp(floods?: Floods) {
  const outbox = new Outbox()
  const outlet = { outbox, isAttached: true, isFull: false, now: () => 0, flushSoon: () => {}, wakeAt: () => {} }
  const common = { codec: superjsonCodec, timeoutMs: 30_000 }
  const caller = new Caller(outlet, { ...common, firstId: 1, queueCharacters: 1_000_000 })
  const responder = new Responder(outlet, 'even', {
    ...common,
    procedures: new ProcedureTable({
      numbers: hotline<object>().subscription(() => topic<number>().subscribe({ whenFull: 'fail' })),
    }),
    maxCalls: 8,
    maxStreams: 8,
    newId: () => 'id',
    report: () => {},
  })
  void caller.call('a', 1)
  outbox.take(0, true)
  const assembly = new Assembly()
  const take = (message: unknown) => deliver({ caller, responder, floods }, { assembly }, message)
  take(['stream', 1])
  return { take }
}

describe('a message in pieces', () => {
  it('is no piece itself', () => {
    const { take } = setUp()
    const nested = JSON.stringify(['piece', '["cancel",2]', true])
    expect(() => take(['piece', nested, true])).toThrow('A message in pieces is a "piece" itself: expected another.')
  })
})

describe('a credit', () => {
  it('F7, X24: counts as nothing where no item has earned it, and only there', () => {
    const none = { perSecond: 0, burst: 0 }
    const { take } = setUp(new Floods({ opens: { perSecond: 1, burst: 9 }, controls: none }, { now: () => 0 }))
    take(['call', 2, 'numbers'])
    for (let earned = 0; earned < 2; earned++) take(['credit', 2, 1])
    expect(() => take(['credit', 2, 1])).toThrow('A credit for call 2 that no item earned came')
  })
})

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
