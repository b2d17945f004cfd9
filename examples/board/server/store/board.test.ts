import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BoardEvent, Person } from '../../shared/model.ts'
import { Board } from './board.ts'
import type { Database } from './database.ts'
import { addList, countLists } from './lists.ts'
import { addMessage } from './messages.ts'
import { openDatabase } from './open-database.ts'

const stage: Person = { id: randomUUID(), name: 'Stage' }

let database: Database
let board: Board
let stop: AbortController

beforeAll(async () => {
  database = await openDatabase()
  board = await Board.on(database)
}, 30_000)

afterAll(() => board.close())

beforeEach(async () => {
  stop = new AbortController()
  await database.exec('truncate lists, tasks, messages, events, keys restart identity cascade')
})

afterEach(() => stop.abort())

function makeList(name: string) {
  const list = randomUUID()
  return board.change({ by: stage }, async (transaction) => {
    await addList(transaction, list, name)
    return { type: 'list-added', list, name }
  })
}

function follow(after: number) {
  return board.changes({ after, signal: stop.signal })
}

async function take(events: AsyncGenerator<BoardEvent>, count: number): Promise<number[]> {
  const ids: number[] = []
  while (ids.length < count) {
    const next = await events.next()
    if (next.done) break
    ids.push(next.value.id)
  }
  return ids
}

describe('a board', () => {
  it('numbers each change and answers with its number', async () => {
    expect(await makeList('To do')).toEqual({ event: 1 })
    expect(await makeList('Done')).toEqual({ event: 2 })
  })

  it('keeps neither the change nor its event when the work throws', async () => {
    const failing = board.change({ by: stage }, async (transaction) => {
      await addList(transaction, randomUUID(), 'Never')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await board.lists()).toEqual({ last: 0, lists: [] })
  })

  it('makes no event when there was nothing to do, and answers with the newest one', async () => {
    await makeList('To do')
    expect(await board.change({ by: stage }, async () => undefined)).toEqual({ event: 1 })
    expect(await board.lastEvent()).toBe(1)
  })

  it('gives a snapshot with the number of the last event in it', async () => {
    await makeList('To do')
    const { last, lists } = await board.lists()
    expect(last).toBe(1)
    expect(lists.map((list) => list.name)).toEqual(['To do'])
  })

  it('gives the newest messages, oldest first', async () => {
    for (const text of ['one', 'two']) {
      const id = randomUUID()
      await board.change({ by: stage }, async (transaction) => {
        await addMessage(transaction, { id, text, by: stage })
        return { type: 'message-said', message: id, text }
      })
    }
    const { last, messages } = await board.recentMessages()
    expect(last).toBe(2)
    expect(messages.map((message) => message.text)).toEqual(['one', 'two'])
    expect(messages[0]?.at).toBeInstanceOf(Date)
    expect(messages[0]?.by).toEqual(stage)
  })

  it('runs work in a transaction that sees what it has done itself', async () => {
    await board.change({ by: stage }, async (transaction) => {
      await addList(transaction, randomUUID(), 'One')
      expect(await countLists(transaction)).toBe(1)
      return undefined
    })
  })
})

describe('following a board', () => {
  it('replays what came after the number, then goes on with what happens', async () => {
    for (const name of ['one', 'two', 'three']) await makeList(name)
    const events = follow(1)
    expect(await take(events, 2)).toEqual([2, 3])
    const next = events.next()
    await makeList('four')
    expect(await next).toMatchObject({ value: { id: 4, by: stage, change: { type: 'list-added', name: 'four' } } })
  })

  it('says who did it and when', async () => {
    await makeList('To do')
    const { value } = await follow(0).next()
    expect(value.by).toEqual(stage)
    expect(value.at).toBeInstanceOf(Date)
  })

  it('misses nothing and repeats nothing while changes are made during the replay', async () => {
    const total = 300
    const ids = Array.from({ length: total }, (_, index) => index + 1)
    for (const id of ids.slice(0, 150)) await makeList(`before ${id}`)
    const followers = [0, 10, 149, 150].map((after) => ({ after, seen: take(follow(after), total - after) }))
    await Promise.all(ids.slice(150).map((id) => makeList(`while ${id}`)))
    for (const { after, seen } of followers) expect(await seen).toEqual(ids.slice(after))
  })

  it('does not announce what was rolled back', async () => {
    const next = follow(0).next()
    await board
      .change({ by: stage }, async (transaction) => {
        await addList(transaction, randomUUID(), 'Never')
        throw new Error('no')
      })
      .catch(() => undefined)
    await makeList('Real')
    expect((await next).value.change).toMatchObject({ name: 'Real' })
  })

  it('ends when its signal aborts, and leaves nothing behind', async () => {
    const next = follow(0).next()
    await expect.poll(() => board.followers).toBe(1)
    stop.abort()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(board.followers).toBe(0)
  })
})
