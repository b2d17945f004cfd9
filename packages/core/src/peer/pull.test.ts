import { describe, expect, it } from 'vitest'
import type { SourceIterator } from '../contract/source-iterator.ts'
import { Outbox } from '../session/outbox.ts'
import { Outflow } from './outflow.ts'
import { Puller } from './pull.ts'

/** A source that writes down what is asked of it, and does what `own` says. */
function setUp(own: Partial<SourceIterator> = {}) {
  const asked: string[] = []
  const flow = new Outflow()
  const iterator: SourceIterator = {
    next: () => {
      asked.push('next')
      return own.next === undefined ? { done: true, value: 'the end' } : own.next()
    },
    return: () => {
      asked.push('return')
      return own.return?.()
    },
  }
  const newPuller = (send: (given: unknown) => void = () => {}) => new Puller({ flow, iterator, send, mustWait: false })
  return { asked, flow, newPuller }
}

/** What settled promises lead to has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a source that is pulled', () => {
  it('is not left once it has ended by itself', async () => {
    const { asked, newPuller } = setUp()
    const puller = newPuller()
    expect(await puller.run()).toBe('the end')
    puller.stop()
    expect(asked).toEqual(['next'])
  })

  it('is not left once it has thrown', async () => {
    const { asked, newPuller } = setUp({ next: async () => Promise.reject(new Error('torn')) })
    const puller = newPuller()
    await expect(puller.run()).rejects.toThrow('torn')
    puller.stop()
    expect(asked).toEqual(['next'])
  })

  it('is left once, however often that is said, and asked for nothing more', async () => {
    const { asked, flow, newPuller } = setUp({ next: async () => ({ done: false, value: 1 }) })
    const puller = newPuller((size) => flow.sent(40_000 * Number(size)))
    const run = puller.run()
    await settled()
    puller.stop()
    puller.stop()
    expect(await run).toBeUndefined()
    expect(asked).toEqual(['next', 'return'])
  })

  it('is left where an item of it cannot be sent, which is the error even where leaving fails too', async () => {
    const { asked, newPuller } = setUp({
      next: () => ({ done: false, value: 1 }),
      return: () => Promise.reject(new Error('of the cleaning up')),
    })
    const puller = newPuller(() => {
      throw new Error('of the item')
    })
    await expect(puller.run()).rejects.toThrow('of the item')
    expect(asked).toEqual(['next', 'return'])
  })

  it('without credit is not asked, and is asked once there is some', async () => {
    const { asked, flow, newPuller } = setUp()
    flow.sent(32 * 1024)
    const run = newPuller().run()
    await settled()
    expect(asked).toEqual([])
    flow.granted(1, 1)
    await run
    expect(asked).toEqual(['next'])
  })

  it('has ended when it has cleaned up, with what that gave, wherever it was left', async () => {
    for (const credit of [0, 1]) {
      let cleanUp = (_: IteratorResult<unknown>) => {}
      const { asked, flow, newPuller } = setUp({
        next: async () => {
          await settled()
          return { done: false, value: 1 }
        },
        return: () => new Promise((resolve) => (cleanUp = resolve)),
      })
      flow.sent(32 * 1024 - credit)
      const puller = newPuller()
      let ended: unknown = 'not yet'
      void puller.run().then((step) => {
        ended = step
      })
      puller.stop()
      for (let turns = 0; turns < 3; turns++) await settled()
      expect([asked.at(-1), ended]).toEqual(['return', 'not yet'])
      cleanUp({ done: true, value: 'cleaned up' })
      await settled()
      expect(ended).toEqual({ done: true, value: 'cleaned up' })
    }
  })

  it('is let go though it was left before there was any credit, or while the line is full', async () => {
    const early = setUp()
    early.flow.sent(32 * 1024)
    const puller = early.newPuller()
    puller.stop()
    await puller.run()
    const late = setUp()
    fill(new Outbox(), late.flow)
    const waiting = late.newPuller()
    const run = waiting.run()
    await settled()
    waiting.stop()
    await run
    expect([early.asked, late.asked]).toEqual([['return'], ['return']])
  })

  it('is asked when there is credit and the line has room: not before, and with any credit', async () => {
    const outbox = new Outbox()
    const { asked, flow, newPuller } = setUp()
    fill(outbox, flow)
    flow.sent(32 * 1024)
    const run = newPuller().run()
    await settled()
    flow.granted(1, 1)
    await settled()
    expect(asked).toEqual([])
    while (outbox.take(0, true) !== undefined);
    await run
    expect(asked).toEqual(['next'])
  })
})

/** More than may wait of one stream. */
function fill(outbox: Outbox, { lane }: Outflow): void {
  for (let messages = 0; messages < 4; messages++) outbox.pushStream(lane, 'x'.repeat(20_000))
}
