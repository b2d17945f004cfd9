import { describe, expect, it } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import type { Source } from '../contract/stream.ts'
import { textOf } from '../protocol/packed.ts'
import { Outbox } from '../session/outbox.ts'
import { Caller } from './caller.ts'

/** A call that streams `items`, on an outbox that is emptied by hand. */
function setUp(items: Source<unknown>, options: { readonly timeoutMs?: number } = {}) {
  const world = { now: 0, isAttached: true, flushes: 0 }
  const newOutlet = () => ({
    outbox: new Outbox(),
    get isAttached() {
      return world.isAttached
    },
    isFull: false,
    now: () => world.now,
    flushSoon: () => world.flushes++,
    wakeAt: () => {},
  })
  let outlet = newOutlet()
  const caller = new Caller(outlet, { codec: superjsonCodec, firstId: 1, timeoutMs: 30_000, queueCharacters: 1_000 })
  let outcome: unknown = 'none yet'
  // Options of a procedure that takes items.
  const given: object = { ...options, items }
  caller.call('a', 1, given).then(
    (value) => {
      outcome = value
    },
    (error: unknown) => {
      outcome = error
    },
  )
  const sent = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    const messages: unknown[] = []
    for (
      let text = outlet.outbox.take(world.now, true);
      text !== undefined;
      text = outlet.outbox.take(world.now, true)
    ) {
      messages.push(JSON.parse(textOf(text)))
    }
    return messages
  }
  const loseSession = () => {
    outlet = newOutlet()
    caller.restart(outlet)
  }
  return { caller, world, sent, loseSession, outcome: () => outcome }
}

/** Counts from 1, and says how often it was left. */
class Counter implements AsyncIterable<number> {
  pulled = 0
  left = 0

  async *[Symbol.asyncIterator]() {
    try {
      for (;;) yield ++this.pulled
    } finally {
      this.left++
    }
  }
}

describe('what a call streams to the other end', () => {
  it('begins with the first credit, goes as far as it reaches, and ends with a word', async () => {
    const { caller, world, sent } = setUp([1, 22, 333])
    expect(await sent()).toEqual([['call', 1, 'a', 1, { items: true }]])
    world.flushes = 0
    expect(await sent()).toEqual([])
    caller.answers.onCredit(1, 4)
    const items = sent()
    await items
    expect(world.flushes).toBe(2)
    expect(await items).toEqual([
      ['item', 1, 2, 1],
      ['item', 1, 3, 22],
    ])
    caller.answers.onCredit(1, 100)
    expect(await sent()).toEqual([
      ['item', 1, 4, 333],
      ['end', 1],
    ])
  })

  it('is left when the other end has had enough, and says nothing more', async () => {
    const counter = new Counter()
    const { caller, sent } = setUp(counter)
    await sent()
    caller.answers.onCredit(1, 4)
    expect(await sent()).toHaveLength(2)
    caller.answers.onStop(1)
    caller.answers.onCredit(1, 100)
    expect([await sent(), counter.left, counter.pulled]).toEqual([[], 1, 2])
    caller.answers.onResult(1, 'done', undefined)
    expect(counter.left).toBe(1)
  })

  it('has its credit earned by items, and by any while it lasts that crosses its end', async () => {
    const { caller, sent } = setUp([1, 22, 333])
    await sent()
    const isEarned = (size: number) => caller.answers.onCredit(1, size)
    expect([isEarned(0), isEarned(0), isEarned(0)]).toEqual([true, true, false])
    isEarned(100)
    await sent()
    for (let credits = 0; credits < 9; credits++) expect(isEarned(1)).toBe(true)
    caller.answers.onResult(1, 'done', undefined)
    expect(isEarned(1)).toBe(true)
  })

  it('says nothing of an item whose bytes were being read when the other end had had enough', async () => {
    const { caller, sent } = setUp([new Blob(['x'])])
    await sent()
    caller.answers.onCredit(1, 100)
    await Promise.resolve()
    caller.answers.onStop(1)
    expect(await sent()).toEqual([])
  })

  it('leaves its call alone where the source fails only when it is left', async () => {
    const failing: AsyncIterator<number> = {
      next: async () => ({ done: false, value: 1 }),
      return: async () => Promise.reject(new Error('could not be closed')),
    }
    const { caller, sent, outcome } = setUp({ [Symbol.asyncIterator]: () => failing })
    await sent()
    caller.answers.onCredit(1, 1)
    await sent()
    caller.answers.onStop(1)
    expect(await sent()).toEqual([])
    caller.answers.onResult(1, 'done', undefined)
    await sent()
    expect(outcome()).toBe('done')
  })

  it('is nothing where it is undefined', async () => {
    const { sent } = setUp(undefined as never)
    expect(await sent()).toEqual([['call', 1, 'a', 1]])
  })

  it('is left with its call: answered, failed, cancelled or closed', async () => {
    const ends: ((caller: Caller) => void)[] = [
      (caller) => caller.answers.onResult(1, 'done', undefined),
      (caller) => caller.answers.onError(1, { code: 'CONFLICT', message: 'no' }),
      (caller) => caller.settleAll('CLOSED', 'closed'),
    ]
    for (const end of ends) {
      const counter = new Counter()
      const { caller, sent } = setUp(counter)
      await sent()
      caller.answers.onCredit(1, 4)
      await sent()
      end(caller)
      await sent()
      expect([counter.left, caller.calls.size]).toEqual([1, 0])
    }
  })

  it('cancels its call when its source fails, or gives what can not be sent', async () => {
    for (const [items, code] of [
      [
        (function* () {
          yield 1
          throw new Error('torn')
        })(),
        'CANCELLED',
      ],
      [[() => {}], 'NOT_ENCODABLE'],
    ] as const) {
      const { caller, sent, outcome } = setUp(items)
      await sent()
      caller.answers.onCredit(1, 100)
      expect((await sent()).at(-1)).toEqual(code === 'CANCELLED' ? ['item', 1, 2, 1] : ['cancel', 1])
      expect(outcome()).toMatchObject({ code, mayHaveRun: true })
    }
  })

  it('is no reason to give the call up while its reader or its source takes its time', async () => {
    const { caller, world, sent, outcome } = setUp(new Counter())
    await sent()
    caller.answers.onCredit(1, 4)
    await sent()
    world.now = 30_000
    expect(caller.sweep(world.now)).toBe(60_000)
    await sent()
    expect(outcome()).toBe('none yet')
    world.isAttached = false
    world.now = 200_000
    caller.sweep(world.now)
    await sent()
    expect(outcome()).toMatchObject({ code: 'TIMEOUT', mayHaveRun: true })
  })

  it('is a reason where it waits for the line, as any call is', async () => {
    const { caller, world, outcome } = setUp(new Counter())
    const settled = () => new Promise((resolve) => setImmediate(resolve))
    caller.outlet.outbox.take(0, true)
    caller.answers.onCredit(1, 100)
    await settled()
    world.now = 30_000
    caller.sweep(world.now)
    await settled()
    expect(outcome()).toMatchObject({ code: 'TIMEOUT' })
  })

  it('waits for its answer from its end on, as long as any call', async () => {
    const { caller, world, sent, outcome } = setUp([1])
    await sent()
    world.now = 29_000
    caller.answers.onCredit(1, 100)
    await sent()
    world.now = 58_999
    caller.sweep(world.now)
    await sent()
    expect(outcome()).toBe('none yet')
    world.now = 59_000
    caller.sweep(world.now)
    await sent()
    expect(outcome()).toMatchObject({ code: 'TIMEOUT' })
  })

  it('goes to another session where none of it has left, and ends by name where some has', async () => {
    const counter = new Counter()
    const { caller, sent, loseSession, outcome } = setUp(counter)
    await sent()
    loseSession()
    expect(await sent()).toEqual([['call', 1, 'a', 1, { items: true, again: 1 }]])
    caller.answers.onCredit(1, 4)
    await sent()
    loseSession()
    expect(await sent()).toEqual([])
    expect(outcome()).toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
    expect([counter.left, caller.calls.size]).toEqual([1, 0])
  })

  it('F6: breaks the protocol where it is spoken of for a call that has none, or that never was', async () => {
    const { caller, sent } = setUp([])
    void caller.call('b', 1).catch(() => {})
    await sent()
    expect(() => caller.answers.onCredit(3, 1)).toThrow(
      'Message "credit" is for call 3: expected one that streams items.',
    )
    for (const id of [2, 5]) {
      const message = `Message "stop" is for call ${id}: expected one that was made.`
      expect(() => caller.answers.onStop(id)).toThrow(message)
    }
    caller.answers.onResult(1, 'done', undefined)
    expect(() => caller.answers.onCredit(1, 1)).not.toThrow()
  })

  it('may not be what can not be read', async () => {
    const { outcome, sent } = setUp(5 as never)
    expect(await sent()).toEqual([])
    expect(String(outcome())).toBe(
      'TypeError: "items" can\'t be read: give an iterable, an async iterable or a ReadableStream.',
    )
  })
})
