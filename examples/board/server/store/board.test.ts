import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../shared/model.ts'
import { Board } from './board.ts'
import type { Database } from './database.ts'
import { lastEvent } from './events.ts'
import { addList, countLists } from './lists.ts'
import { addMessage } from './messages.ts'
import { openDatabase } from './open-database.ts'
import { addTask } from './tasks.ts'

const stage: Person = { id: randomUUID(), name: 'Stage' }
const kitchen: Person = { id: randomUUID(), name: 'Kitchen' }

let database: Database
let board: Board

beforeAll(async () => {
  database = await openDatabase()
  board = await Board.on(database)
}, 30_000)

afterAll(() => board.close())

beforeEach(async () => {
  await database.exec('truncate lists, tasks, messages, events, keys restart identity cascade')
})

function makeList(name: string) {
  const list = randomUUID()
  return board.change({ by: stage }, async (transaction) => {
    await addList(transaction, list, name)
    return { type: 'list-added', list, name }
  })
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
    await makeList('Real')
    expect(await board.lists()).toMatchObject({ last: 1, lists: [{ name: 'Real' }] })
  })

  it('makes no event when there was nothing to do, and answers with the newest one', async () => {
    await makeList('To do')
    expect(await board.change({ by: stage }, async () => undefined)).toEqual({ event: 1 })
    expect(await lastEvent(database)).toBe(1)
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

describe('what a board reads', () => {
  it('has each change as soon as its receipt is there', async () => {
    for (const number of [1, 2, 3]) {
      const { event } = await makeList(`List ${number}`)
      const { last, lists } = await board.lists()
      expect([last, lists.length]).toEqual([event, number])
    }
  })

  it('is read once for all who ask, until something changes', async () => {
    await makeList('To do')
    const [first, second] = await Promise.all([board.lists(), board.lists()])
    expect(second).toBe(first)
    await makeList('Done')
    expect((await board.lists()).lists).toHaveLength(2)
  })

  it('says of a task who has touched it last', async () => {
    const [list, task] = [randomUUID(), randomUUID()]
    const { event } = await board.change({ by: kitchen }, async (transaction) => {
      await addList(transaction, list, 'To do')
      await addTask(transaction, { id: task, list, title: 'Sweep', addedBy: stage })
      return { type: 'task-added', task, list, title: 'Sweep' }
    })
    expect((await board.lists()).lists[0]?.tasks[0]?.touched).toEqual({ event, by: kitchen })
  })
})

describe('a board that has changed', () => {
  it('says so to who listens, and shows the change by then', async () => {
    await makeList('To do')
    const heard = board.changed.subscribe({ whenFull: 'latest' })[Symbol.asyncIterator]()
    const next = heard.next()
    await makeList('Done')
    expect((await next).done).toBe(false)
    expect((await board.lists()).lists).toHaveLength(2)
    await heard.return?.()
    expect(board.changed.size).toBe(0)
  })
})
