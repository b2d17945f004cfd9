import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../shared/model.ts'
import type { Database, Transaction } from './database.ts'
import { addList } from './lists.ts'
import { openDatabase } from './open-database.ts'
import { allLists } from './snapshot.ts'
import { addTask, completeTask, countTasks, listOfTask, moveTask, removeTask, renameTask } from './tasks.ts'

const stage: Person = { id: randomUUID(), name: 'Stage' }

let database: Database
let todo: string
let done: string

beforeAll(async () => {
  database = await openDatabase()
}, 30_000)

afterAll(() => database.close())

beforeEach(async () => {
  todo = randomUUID()
  done = randomUUID()
  await database.exec('delete from tasks; delete from lists')
  await within((transaction) => addList(transaction, todo, 'To do'))
  await within((transaction) => addList(transaction, done, 'Done'))
})

function within<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return database.transaction(work)
}

async function add(title: string, list = todo): Promise<string> {
  const id = randomUUID()
  await within((transaction) => addTask(transaction, { id, list, title, addedBy: stage }))
  return id
}

function move(id: string, list: string, before: string | null = null): Promise<void> {
  return within((transaction) => moveTask(transaction, id, { list, before }))
}

async function titles(list = todo): Promise<string[]> {
  const lists = await within(allLists)
  return lists.find(({ id }) => id === list)?.tasks.map(({ title }) => title) ?? []
}

describe('tasks', () => {
  it('stand in the order they were added', async () => {
    for (const title of ['a', 'b', 'c']) await add(title)
    expect(await titles()).toEqual(['a', 'b', 'c'])
  })

  it('move in front of another one', async () => {
    const [a, , c] = [await add('a'), await add('b'), await add('c')]
    await move(c, todo, a)
    expect(await titles()).toEqual(['c', 'a', 'b'])
  })

  it('move to the end of another list', async () => {
    const a = await add('a')
    await add('z', done)
    await move(a, done)
    expect(await titles(done)).toEqual(['z', 'a'])
    expect(await titles()).toEqual([])
  })

  it('move to the end when the task they should stand in front of is in another list', async () => {
    const [a, z] = [await add('a'), await add('z', done)]
    await add('b')
    await move(a, todo, z)
    expect(await titles()).toEqual(['b', 'a'])
  })

  it('keep their order when the same gap is used more often than a double has numbers for', async () => {
    const [a, b, c] = [await add('a'), await add('b'), await add('c')]
    for (let turn = 0; turn < 60; turn += 1) {
      await move(b, todo, a)
      await move(a, todo, c)
      await move(a, todo, b)
      await move(b, todo, a)
    }
    expect(await titles()).toEqual(['b', 'a', 'c'])
    const { rows } = await database.query<{ spread: number }>(
      'select count(distinct position)::integer as spread from tasks',
    )
    expect(rows[0]?.spread).toBe(3)
  })

  it('remember who ticked them off, and forget it again', async () => {
    const a = await add('a')
    await within((transaction) => completeTask(transaction, a, stage))
    expect((await within(allLists))[0]?.tasks[0]?.doneBy).toEqual(stage)
    await within((transaction) => completeTask(transaction, a, null))
    expect((await within(allLists))[0]?.tasks[0]?.doneBy).toBeNull()
  })

  it('are counted per list', async () => {
    await add('a')
    await add('z', done)
    expect(await within((transaction) => countTasks(transaction, todo))).toBe(1)
  })

  it('say false, or no list, once they are gone', async () => {
    const a = await add('a')
    expect(await within((transaction) => listOfTask(transaction, a))).toBe(todo)
    expect(await within((transaction) => removeTask(transaction, a))).toBe(true)
    expect(await within((transaction) => removeTask(transaction, a))).toBe(false)
    expect(await within((transaction) => renameTask(transaction, a, 'x'))).toBe(false)
    expect(await within((transaction) => completeTask(transaction, a, stage))).toBe(false)
    expect(await within((transaction) => listOfTask(transaction, a))).toBeUndefined()
  })
})
