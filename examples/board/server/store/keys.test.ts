import { randomUUID } from 'node:crypto'
import { createCaller } from '@hotline/server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/limits.ts'
import type { Person } from '../../shared/model.ts'
import { api } from '../api.ts'
import { LoadMeter } from '../load-meter.ts'
import { Presence } from '../presence.ts'
import { Board } from './board.ts'
import type { Database } from './database.ts'
import { lastEvent } from './events.ts'
import { openDatabase } from './open-database.ts'

const stage: Person = { id: randomUUID(), name: 'Stage' }
const kitchen: Person = { id: randomUUID(), name: 'Kitchen' }

let database: Database
let board: Board
let list: string

beforeAll(async () => {
  database = await openDatabase()
  board = await Board.on(database)
}, 30_000)

afterAll(() => board.close())

beforeEach(async () => {
  await database.exec('truncate lists, tasks, messages, events, keys restart identity cascade')
  list = randomUUID()
  await callAs(stage).lists.add({ list, name: 'To do' })
})

/** In process, so nothing but the database remembers keys: each call is one that a crash has separated from the last. */
function callAs(user: Person) {
  return createCaller(api, { user, board, presence: new Presence(), load: new LoadMeter() })
}

async function addTask(title = 'Buy paper'): Promise<string> {
  const task = randomUUID()
  await callAs(stage).tasks.add({ task, list, title })
  return task
}

describe('a change with a key', () => {
  it('is made once: the same key again changes nothing, makes no event and gets the same answer', async () => {
    const task = await addTask()
    const idempotencyKey = randomUUID()
    const tick = () => callAs(stage).tasks.complete({ task, done: true }, { idempotencyKey })
    const receipt = await tick()
    const untick = await callAs(kitchen).tasks.complete({ task, done: false })
    expect(await tick()).toEqual(receipt)
    expect(await callAs(stage).lists.all()).toMatchObject({
      last: untick.event,
      lists: [{ tasks: [{ doneBy: null }] }],
    })
  })

  it('is made once when two of it come at the same time', async () => {
    const task = await addTask()
    const idempotencyKey = randomUUID()
    const rename = () => callAs(stage).tasks.rename({ task, title: 'Buy ink' }, { idempotencyKey })
    const [first, second] = await Promise.all([rename(), rename()])
    expect(second).toEqual(first)
    expect(await lastEvent(database)).toBe(first.event)
  })

  it('stays undone by others when its answer was lost: a removed task does not come back', async () => {
    const input = { task: randomUUID(), list, title: 'Buy paper' }
    const idempotencyKey = randomUUID()
    const receipt = await callAs(stage).tasks.add(input, { idempotencyKey })
    await callAs(kitchen).tasks.remove({ task: input.task })
    expect(await callAs(stage).tasks.add(input, { idempotencyKey })).toEqual(receipt)
    expect((await callAs(stage).lists.all()).lists[0]?.tasks).toEqual([])
  })

  it('leaves its key free when it was refused: nothing has happened', async () => {
    const tasks = await Promise.all(Array.from({ length: LIMITS.tasksPerList }, () => addTask()))
    const input = { task: randomUUID(), list, title: 'One more' }
    const idempotencyKey = randomUUID()
    const add = () => callAs(stage).tasks.add(input, { idempotencyKey })
    await expect(add()).rejects.toMatchObject({ code: 'LIST_FULL' })
    await callAs(stage).tasks.remove({ task: tasks[0] ?? '' })
    expect(await add()).toEqual({ event: await lastEvent(database) })
  })

  it("doesn't meet somebody else's key of the same name", async () => {
    const task = await addTask()
    const idempotencyKey = 'mine'
    await callAs(stage).tasks.rename({ task, title: 'Buy ink' }, { idempotencyKey })
    await callAs(kitchen).tasks.rename({ task, title: 'Buy glue' }, { idempotencyKey })
    expect((await callAs(stage).lists.all()).lists[0]?.tasks[0]?.title).toBe('Buy glue')
  })

  it('is forgotten a day later, with the next change', async () => {
    const task = await addTask()
    for (const key of ['old', 'young', 'new']) {
      await callAs(stage).tasks.rename({ task, title: key }, { idempotencyKey: key })
      if (key === 'old') await database.exec(`update keys set at = now() - interval '25 hours'`)
      if (key === 'young') await database.exec(`update keys set at = now() - interval '23 hours' where key = 'young'`)
    }
    const { rows } = await database.query<{ key: string }>('select key from keys order by at')
    expect(rows.map(({ key }) => key)).toEqual(['young', 'new'])
  })
})
