import { randomUUID } from 'node:crypto'
import { createCaller, liveValues } from '@hotline/server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LIMITS } from '../shared/limits.ts'
import type { Person } from '../shared/model.ts'
import { api } from './api.ts'
import type { Context } from './builder.ts'
import { LoadMeter } from './load-meter.ts'
import { Presence } from './presence.ts'
import { Board } from './store/board.ts'
import type { Database } from './store/database.ts'
import { openDatabase } from './store/open-database.ts'

const stage: Person = { id: randomUUID(), name: 'Stage' }

let database: Database
let board: Board
const load = new LoadMeter()
let call: ReturnType<typeof createCaller<typeof api, Context>>

beforeAll(async () => {
  database = await openDatabase()
  board = await Board.on(database)
  call = createCaller(api, { user: stage, board, presence: new Presence(), load })
}, 30_000)

afterAll(() => board.close())

beforeEach(async () => {
  await database.exec('truncate lists, tasks, messages, events, keys restart identity cascade')
})

async function addList(): Promise<string> {
  const list = randomUUID()
  await call.lists.add({ list, name: 'To do' })
  return list
}

async function addTask(list: string, title = 'Buy paper'): Promise<string> {
  const task = randomUUID()
  await call.tasks.add({ task, list, title })
  return task
}

async function fill(list: string): Promise<void> {
  for (let number = 1; number <= LIMITS.tasksPerList; number += 1) await addTask(list, `Task ${number}`)
}

describe('adding a task', () => {
  it('puts it at the end of its list, under the name of who added it', async () => {
    const list = await addList()
    const task = await addTask(list)
    const { last, lists } = await call.lists.all()
    expect(lists[0]?.tasks).toEqual([
      { id: task, title: 'Buy paper', addedBy: stage, doneBy: null, files: [], touched: { event: last, by: stage } },
    ])
  })

  it('is refused with LIST_FULL and the maximum once the list is full', async () => {
    const list = await addList()
    await fill(list)
    await expect(addTask(list)).rejects.toMatchObject({ code: 'LIST_FULL', data: { max: LIMITS.tasksPerList } })
    expect((await call.lists.all()).lists[0]?.tasks).toHaveLength(LIMITS.tasksPerList)
  })

  it('a second time is the same as once, also when the list has become full since', async () => {
    const list = await addList()
    const input = { task: randomUUID(), list, title: 'Twice' }
    await call.tasks.add(input)
    const { last } = await call.lists.all()
    expect(await call.tasks.add(input)).toEqual({ event: last })
    expect((await call.lists.all()).lists[0]?.tasks).toHaveLength(1)
  })

  it('is refused with NOT_FOUND when the list is gone', async () => {
    await expect(addTask(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND', message: /That list is gone/ })
  })

  it('is refused with BAD_INPUT for a title of blanks', async () => {
    const list = await addList()
    await expect(addTask(list, '   ')).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})

describe('moving a task', () => {
  it('is refused with LIST_FULL by a full list', async () => {
    const [from, to] = [await addList(), await addList()]
    const task = await addTask(from)
    await fill(to)
    await expect(call.tasks.move({ task, list: to, before: null })).rejects.toMatchObject({ code: 'LIST_FULL' })
  })

  it('within a full list is fine', async () => {
    const list = await addList()
    await fill(list)
    const tasks = (await call.lists.all()).lists[0]?.tasks ?? []
    const [first, last] = [tasks[0]?.id ?? '', tasks.at(-1)?.id ?? '']
    await call.tasks.move({ task: last, list, before: first })
    expect((await call.lists.all()).lists[0]?.tasks[0]?.id).toBe(last)
  })
})

describe('a task that is gone', () => {
  it('can be neither renamed, ticked nor moved: NOT_FOUND', async () => {
    const list = await addList()
    const task = await addTask(list)
    await call.tasks.remove({ task })
    const attempts = [
      () => call.tasks.rename({ task, title: 'x' }),
      () => call.tasks.complete({ task, done: true }),
      () => call.tasks.move({ task, list, before: null }),
    ]
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('may be removed by the second who wants it gone, and nothing happens', async () => {
    const task = await addTask(await addList())
    const { event } = await call.tasks.remove({ task })
    expect(await call.tasks.remove({ task })).toEqual({ event })
  })
})

describe('a list', () => {
  it('is refused with BOARD_FULL once there are as many as the board holds', async () => {
    for (let number = 1; number <= LIMITS.lists; number += 1) await addList()
    await expect(addList()).rejects.toMatchObject({ code: 'BOARD_FULL', data: { max: LIMITS.lists } })
  })
})

describe('a message', () => {
  it('sent a second time is said once', async () => {
    const input = { message: randomUUID(), text: 'Hello' }
    await call.chat.say(input)
    await call.chat.say(input)
    const { messages } = await call.chat.recent()
    expect(messages.map(({ text }) => text)).toEqual(['Hello'])
  })
})

describe('the board, followed', () => {
  it('is given as it is, and again after each change', async () => {
    const list = await addList()
    const values = liveValues(await call.lists.all.live())[Symbol.asyncIterator]()
    expect((await values.next()).value).toMatchObject({ lists: [{ id: list, tasks: [] }] })
    await addTask(list, 'Buy paper')
    expect((await values.next()).value).toMatchObject({ lists: [{ tasks: [{ title: 'Buy paper' }] }] })
    await values.return?.()
    await expect.poll(() => board.changed.size).toBe(0)
  })
})

describe('the server’s load', () => {
  it('begins with what was measured before, and goes on with each measurement', async () => {
    for (const second of [1, 2]) load.measure(new Date(second * 1_000))
    const loads = (await call.server.load())[Symbol.asyncIterator]()
    const [first, second] = [await loads.next(), await loads.next()]
    const third = loads.next()
    load.measure(new Date(3_000))
    for (const { value } of [first, second, await third]) {
      expect(value).toEqual({ at: expect.any(Date), busy: expect.any(Number) })
    }
    await loads.return?.()
  })
})
