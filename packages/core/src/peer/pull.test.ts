import { describe, expect, it } from 'vitest'
import type { SourceIterator } from '../contract/source-iterator.ts'
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
})
