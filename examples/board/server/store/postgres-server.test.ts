import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Person } from '../../shared/model.ts'
import { needs } from '../../test/needs.ts'
import { findPostgres, type PostgresProcess, startPostgres } from '../../test/postgres.mjs'
import { Board } from './board.ts'
import { finishFile } from './files.ts'
import { addList } from './lists.ts'
import { addTask, completeTask } from './tasks.ts'

const programs = findPostgres()
const suite = needs('boards on a server', { Postgres: programs })

const stage: Person = { id: randomUUID(), name: 'Stage' }

describe.skipIf(suite.areMissing)(suite.title, { timeout: 30_000 }, () => {
  let postgres: PostgresProcess
  let boards: [Board, Board]

  beforeAll(async () => {
    postgres = await startPostgres(programs ?? '')
    // At once, so that they meet at the migrations.
    boards = await Promise.all([Board.open({ url: postgres.url }), Board.open({ url: postgres.url })])
  }, 60_000)

  afterAll(async () => {
    await Promise.all((boards ?? []).map((board) => board.close()))
    await postgres?.end()
  })

  function makeList(board: Board, name: string) {
    const list = randomUUID()
    return board.change({ by: stage, key: list }, async (transaction) => {
      await addList(transaction, list, name)
      return { type: 'list-added', list, name }
    })
  }

  it('hear of each other’s changes, and read what each has done', async () => {
    const total = 100
    const numbers = Array.from({ length: total }, (_, index) => index + 1)
    const seen = boards.map(async (board) => {
      let { last } = await board.lists()
      const heard = board.changed.subscribe({ whenFull: 'latest' })[Symbol.asyncIterator]()
      while (last < total) {
        await heard.next()
        ;({ last } = await board.lists())
      }
      await heard.return?.()
      return (await board.lists()).lists.length
    })
    await Promise.all(numbers.map((number) => makeList(boards[number % 2] as Board, `List ${number}`)))
    expect(await Promise.all(seen)).toEqual([total, total])
  })

  it('make a change once when both are asked with the same key', async () => {
    const list = randomUUID()
    const ask = (board: Board) =>
      board.change({ by: stage, key: 'once' }, async (transaction) => {
        await addList(transaction, list, 'Once')
        return { type: 'list-added', list, name: 'Once' }
      })
    const [first, second] = await Promise.all(boards.map(ask))
    expect(second).toEqual(first)
    expect((await boards[0].lists()).last).toBe(first?.event)
  })

  it('give values as the database in the process does', async () => {
    const [list, task] = [randomUUID(), randomUUID()]
    const receipt = await boards[0].change({ by: stage }, async (transaction) => {
      await addList(transaction, list, 'Values')
      await addTask(transaction, { id: task, list, title: 'Task', addedBy: stage })
      expect(await completeTask(transaction, task, stage)).toBe(true)
      expect(await completeTask(transaction, randomUUID(), stage)).toBe(false)
      return { type: 'task-added', task, list, title: 'Task' }
    })
    const { last, lists } = await boards[1].lists()
    expect(last).toBe(receipt.event)
    const touched = { event: last, by: stage }
    expect(lists.at(-1)?.tasks).toEqual([
      { id: task, title: 'Task', addedBy: stage, doneBy: stage, files: [], touched },
    ])
  })

  it('give the bytes of a file as they came', async () => {
    const [list, task, file] = [randomUUID(), randomUUID(), randomUUID()]
    await boards[0].change({ by: stage }, async (transaction) => {
      await addList(transaction, list, 'Files')
      await addTask(transaction, { id: task, list, title: 'Task', addedBy: stage })
      return undefined
    })
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    const upload = await boards[0].beginUpload({ file, task, name: 'every.bin', type: '' })
    if (upload === undefined) throw new Error('The task is there.')
    expect(await upload.append(bytes)).toBe(true)
    expect(await boards[1].openFile(file)).toBeUndefined()
    await boards[0].change({ by: stage }, async (transaction) => {
      expect(await finishFile(transaction, upload)).toBe(true)
      return undefined
    })
    const stored = await boards[1].openFile(file)
    expect(stored?.description).toEqual({ id: file, name: 'every.bin', type: '', size: 256 })
    const chunks = []
    for await (const chunk of stored?.chunks(0) ?? []) chunks.push(chunk.bytes)
    expect(chunks).toEqual([bytes])
  })

  it('make changes one after the other, as they were asked for', async () => {
    const made: string[] = []
    const change = (name: string, seconds: number) =>
      boards[0].change({ by: stage }, async (transaction) => {
        await transaction.query('select pg_sleep($1)', [seconds])
        made.push(name)
        if (name === 'second') throw new Error('no')
        return undefined
      })
    const asked = [change('first', 0.1), change('second', 0), change('third', 0)]
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(made).toEqual(['first', 'second', 'third'])
  })

  it('undo what a change has done that throws', async () => {
    const before = await boards[0].lists()
    const failing = boards[0].change({ by: stage, key: 'failing' }, async (transaction) => {
      await addList(transaction, randomUUID(), 'Never')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    // The other two may have read the board earlier, and one of them may not have heard yet of the last change.
    const third = await Board.open({ url: postgres.url })
    expect(await third.lists()).toEqual(before)
    await third.close()
  })
})
