import { describe, expect, it } from 'vitest'
import { topic } from '../source/topic.ts'
import { Announcements } from './announcements.ts'
import { iterablesOf } from './live-source.ts'
import { gap, tracked } from './tracked.ts'

function listenTo(...sources: unknown[]): Announcements {
  return new Announcements(iterablesOf(sources))
}

/** Whether it has resolved by now, or will without anything else happening. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let isOver = false
  promise.then(
    () => (isOver = true),
    () => (isOver = true),
  )
  for (let turn = 0; turn < 100; turn++) await undefined
  return isOver
}

describe('announcements', () => {
  it('count as one when they come in one go, whoever makes them', async () => {
    const [one, other] = [topic<number>(), topic<number>()]
    const changes = listenTo(one, other.subscribe({ whenFull: 'drop-oldest' }))
    for (let n = 0; n < 300; n++) {
      one.publish(n)
      other.publish(n)
    }
    expect(await changes.next()).toBe(true)
    const next = changes.next()
    expect(await isSettled(next)).toBe(false)
    one.publish(1)
    expect(await next).toBe(true)
    changes.leave()
  })

  it('count as one where a loop stands between', async () => {
    const news = topic<number>()
    async function* doubled() {
      for await (const n of news.subscribe({ whenFull: 'drop-oldest' })) yield n
    }
    const changes = listenTo(doubled())
    for (let n = 0; n < 20; n++) news.publish(n)
    expect(await changes.next()).toBe(true)
    const next = changes.next()
    expect(await isSettled(next)).toBe(false)
    changes.leave()
    expect(await next).toBe(false)
  })

  it('that came while nobody asked are told when somebody does, once', async () => {
    const news = topic<number>()
    const changes = listenTo(news)
    news.publish(1)
    await isSettled(Promise.resolve())
    news.publish(2)
    await isSettled(Promise.resolve())
    expect(await changes.next()).toBe(true)
    expect(await isSettled(changes.next())).toBe(false)
    changes.leave()
  })

  it('are gaps too, but not where a stream begins', async () => {
    async function* given() {
      yield tracked.start('1')
      await new Promise(() => {})
    }
    const quiet = listenTo(given())
    expect(await isSettled(quiet.next())).toBe(false)
    quiet.leave()
    const changes = listenTo(
      (async function* () {
        yield gap()
      })(),
    )
    expect(await changes.next()).toBe(true)
  })

  it('go on while one source is open, and are over when none is, behind the last one', async () => {
    const news = topic<number>()
    const once = (async function* () {
      yield 1
    })()
    const changes = listenTo(news, once)
    expect(await changes.next()).toBe(true)
    news.publish(1)
    expect(await changes.next()).toBe(true)
    changes.leave()
    const last = listenTo(
      (async function* () {
        yield 1
      })(),
    )
    await isSettled(Promise.resolve())
    expect(await last.next()).toBe(true)
    expect(await last.next()).toBe(false)
  })

  it('reject with what a source throws', async () => {
    const changes = listenTo(
      topic<number>(),
      // biome-ignore lint/correctness/useYield: it fails before
      (async function* () {
        throw new Error('no line to the database')
      })(),
    )
    await expect(changes.next()).rejects.toThrow('no line to the database')
    changes.leave()
  })

  it('leave nobody listening behind', async () => {
    const news = topic<number>()
    const changes = listenTo(news, news)
    expect(news.size).toBe(2)
    changes.leave()
    changes.leave()
    expect(news.size).toBe(0)
    const broken = {
      [Symbol.asyncIterator]: () => {
        throw new Error('cannot begin')
      },
    }
    expect(() => listenTo(news, broken)).toThrow('cannot begin')
    expect(news.size).toBe(0)
  })

  it('come from topics and async iterables alone', () => {
    expect(() => listenTo(topic(), 1)).toThrow(
      '"on" of a live query gave a value of type number: give a topic, an async iterable, or an array of these.',
    )
    expect(() => iterablesOf(null)).toThrow('gave null')
  })
})
