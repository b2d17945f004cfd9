import { expect, test } from 'vitest'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { Outbox } from '../session/outbox.ts'
import { NoProcedures } from './no-procedures.ts'

function setUp() {
  const outbox = new Outbox()
  let flushes = 0
  const outlet = { outbox, isAttached: true, isFull: false, now: () => 0, flushSoon: () => flushes++, wakeAt() {} }
  const none = new NoProcedures(outlet, 'even')
  const said = () => {
    const messages: unknown[] = []
    for (let next = outbox.take(0, true); next !== undefined; next = outbox.take(0, true))
      messages.push(JSON.parse(String(next)))
    return messages
  }
  return { none, said, flushes: () => flushes }
}

test('each call is answered: there is no such procedure', () => {
  const { none, said, flushes } = setUp()
  none.open(2, 'confirm')
  const message = expect.stringContaining('There is no procedure "confirm"')
  expect(said()).toEqual([['error', 2, { code: 'NOT_FOUND', message, mayHaveRun: false }]])
  expect([none.size, none.inputs, flushes()]).toEqual([0, 0, 1])
  // Nothing to look after.
  expect(none.sweep()).toBe(Number.POSITIVE_INFINITY)
})

test('the rules of ids hold all the same', () => {
  const { none } = setUp()
  none.open(2, 'confirm')
  for (const id of [1, 2]) expect(() => none.open(id, 'confirm')).toThrow(ProtocolError)
  expect(() => none.calls.onCredit(4, 1)).toThrow(ProtocolError)
  expect(() => none.onEnd(4)).toThrow(ProtocolError)
  expect(() => none.onItem(4)).toThrow(ProtocolError)
  // What is said of a call that has ended crossed its answer.
  expect(() => none.onEnd(2)).not.toThrow()
  expect(none.onCredit(2)).toBe(true)
})

test('nothing is said any more when its session has ended', () => {
  const { none, said } = setUp()
  none.end()
  none.open(2, 'confirm')
  expect(said()).toEqual([])
})
