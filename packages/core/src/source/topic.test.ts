import { describe, expect, it } from 'vitest'
import { isPosition, isTracked, trackedId } from '../contract/tracked.ts'
import type { EventIterator } from './events.ts'
import { isPiped, PIPED } from './pipe.ts'
import { topic } from './topic.ts'

describe('a topic', () => {
  it('gives each event to everybody who reads at the moment, and to nobody else', async () => {
    const news = topic<string>()
    const subscription = news.subscribe({ whenFull: 'fail' })
    news.publish('too early')
    const readers = [subscription[Symbol.asyncIterator](), subscription[Symbol.asyncIterator]()]
    news.publish('hello')
    expect(await Promise.all(readers.map((reader) => reader.next()))).toEqual(
      Array(2).fill({ done: false, value: 'hello' }),
    )
    expect(news.size).toBe(2)
    await Promise.all(readers.map((reader) => reader.return()))
    expect(news.size).toBe(0)
  })

  it('gives an event that has an id as a tracked one, and says first where the newest was', async () => {
    const news = topic<string>()
    news.publish('old', { id: 'e1' })
    const reader = news.subscribe({ whenFull: 'fail' })[Symbol.asyncIterator]()
    news.publish('new', { id: 'e2' })
    expect([seen((await reader.next()).value), seen((await reader.next()).value)]).toEqual([
      { at: 'e1', gap: false },
      { id: 'e2', value: 'new' },
    ])
    await reader.return()
  })

  it.each([
    ['the newest event', 'e2', false],
    ['an older one', 'e1', true],
    ['one of another process', 'x9', true],
  ])('tells who comes back behind %s whether something is missing', async (_, lastEventId, gap) => {
    const news = topic<number>()
    for (const n of [1, 2]) news.publish(n, { id: `e${n}` })
    const reader = news.subscribe({ whenFull: 'latest', lastEventId })[Symbol.asyncIterator]()
    expect(seen((await reader.next()).value)).toEqual({ at: 'e2', gap })
    await reader.return()
  })

  it('gives nothing of an event to whoever subscribes because of it', async () => {
    const news = topic<number>()
    const readers: EventIterator<unknown>[] = []
    const first = news.subscribe({ whenFull: 'fail' })[Symbol.asyncIterator]()
    const join = () => readers.push(news.subscribe({ whenFull: 'fail' })[Symbol.asyncIterator]())
    if (isPiped(first)) first[PIPED]({ hasRoom: true, send: join, wait: () => {}, ended: () => {} })
    news.publish(1)
    news.publish(2)
    expect(await readers[0]?.next()).toEqual({ done: false, value: 2 })
    expect(news.size).toBe(3)
    await Promise.all([first, ...readers].map((reader) => reader.return()))
  })

  it('refuses an id that is none', () => {
    // @ts-expect-error the id is a number
    expect(() => topic<string>().publish('x', { id: 7 })).toThrow('publish(item, { id: String(id) })')
  })

  it('E2: reaches a subscriber that comes and goes 600 times exactly while it is there', async () => {
    const news = topic<number>()
    const subscription = news.subscribe({ whenFull: 'drop-oldest', capacity: 2 })
    for (let round = 0; round < 600; round++) {
      const reader = subscription[Symbol.asyncIterator]()
      news.publish(round)
      expect(await reader.next()).toEqual({ done: false, value: round })
      const reading = reader.next()
      await reader.return()
      news.publish(-1)
      expect(await reading).toEqual({ done: true })
      expect(news.size).toBe(0)
    }
  })
})

function seen(given: unknown): unknown {
  if (isPosition(given)) return { at: given.eventId, gap: given.isGap }
  return isTracked(given) ? { id: trackedId(given), value: given.value } : given
}
