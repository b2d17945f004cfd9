import { describe, expect, it } from 'vitest'
import type { Change, Person } from '../../shared/model.ts'
import { changeLists, type ShownList } from './change-lists.ts'

const stage: Person = { id: 'stage', name: 'Stage' }
const kitchen: Person = { id: 'kitchen', name: 'Kitchen' }

const before: readonly ShownList[] = [
  { id: 'todo', name: 'To do', tasks: [task('a'), task('b'), task('c')] },
  { id: 'done', name: 'Done', tasks: [task('z')] },
]

function task(id: string) {
  return { id, title: id, addedBy: stage, doneBy: null, files: [] }
}

function after(...changes: Change[]) {
  return changes.reduce((lists, change) => changeLists(lists, { change, by: kitchen, at: new Date(0) }), before)
}

function order(lists: readonly ShownList[]) {
  return Object.fromEntries(lists.map(({ id, tasks }) => [id, tasks.map((shown) => shown.id).join(' ')]))
}

describe('a change to the lists', () => {
  it('adds a task at the end of its list', () => {
    const lists = after({ type: 'task-added', task: 'd', list: 'todo', title: 'Four' })
    expect(order(lists)).toEqual({ todo: 'a b c d', done: 'z' })
    expect(lists[0]?.tasks[3]).toEqual({ id: 'd', title: 'Four', addedBy: kitchen, doneBy: null, files: [] })
  })

  it('moves a task in front of another one', () => {
    expect(order(after({ type: 'task-moved', task: 'c', list: 'todo', before: 'a' }))).toEqual({
      todo: 'c a b',
      done: 'z',
    })
  })

  it('moves a task to another list, to the end where nothing is named or what is named is not there', () => {
    for (const target of [null, 'b']) {
      const lists = after({ type: 'task-moved', task: 'a', list: 'done', before: target })
      expect(order(lists)).toEqual({ todo: 'b c', done: 'z a' })
    }
  })

  it('renames, ticks, unticks and removes', () => {
    const lists = after(
      { type: 'task-renamed', task: 'a', title: 'A' },
      { type: 'task-completed', task: 'a', done: true },
      { type: 'task-completed', task: 'b', done: true },
      { type: 'task-completed', task: 'b', done: false },
      { type: 'task-removed', task: 'c' },
      { type: 'list-renamed', list: 'done', name: 'Finished' },
    )
    expect(lists[0]?.tasks).toEqual([{ ...task('a'), title: 'A', doneBy: kitchen }, task('b')])
    expect(lists[1]?.name).toBe('Finished')
  })

  it('made twice is the same as once', () => {
    const changes: Change[] = [
      { type: 'list-added', list: 'new', name: 'New' },
      { type: 'list-renamed', list: 'todo', name: 'Soon' },
      { type: 'task-added', task: 'd', list: 'todo', title: 'd' },
      { type: 'task-renamed', task: 'a', title: 'A' },
      { type: 'task-moved', task: 'b', list: 'done', before: 'z' },
      { type: 'task-completed', task: 'a', done: true },
      { type: 'task-removed', task: 'c' },
    ]
    for (const change of changes) expect(after(change, change)).toEqual(after(change))
  })

  it('to what is gone changes nothing', () => {
    const changes: Change[] = [
      { type: 'list-renamed', list: 'gone', name: 'x' },
      { type: 'task-added', task: 'd', list: 'gone', title: 'd' },
      { type: 'task-renamed', task: 'gone', title: 'x' },
      { type: 'task-moved', task: 'gone', list: 'done', before: null },
      { type: 'task-moved', task: 'a', list: 'gone', before: null },
      { type: 'task-completed', task: 'gone', done: true },
      { type: 'task-removed', task: 'gone' },
    ]
    for (const change of changes) expect(after(change)).toEqual(before)
  })

  it('leaves a list alone that it is not about, so that nothing of it is drawn anew', () => {
    expect(after({ type: 'task-renamed', task: 'a', title: 'A' })[1]).toBe(before[1])
  })

  it('marks the task with who touched it and when, but only when it is an event of the server', () => {
    const change: Change = { type: 'task-renamed', task: 'a', title: 'A' }
    expect(after(change)[0]?.tasks[0]).not.toHaveProperty('touched')
    const lists = changeLists(before, { id: 9, change, by: kitchen, at: new Date(0), seenAt: 1000 })
    expect(lists[0]?.tasks[0]?.touched).toEqual({ event: 9, by: kitchen, seenAt: 1000 })
  })
})
