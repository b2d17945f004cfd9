import { describe, expect, it } from 'vitest'
import type { List, Person, Task } from '../../shared/model.ts'
import { addList, addTask, editTask, moveTask, removeTask } from './edit-lists.ts'

const stage: Person = { id: 'stage', name: 'Stage' }

const before: readonly List[] = [
  { id: 'todo', name: 'To do', tasks: [task('a'), task('b'), task('c')] },
  { id: 'done', name: 'Done', tasks: [task('z')] },
]

function task(id: string): Task {
  return { id, title: id, addedBy: stage, doneBy: null, files: [], touched: null }
}

function order(lists: readonly List[]): Readonly<Record<string, string>> {
  return Object.fromEntries(lists.map(({ id, tasks }) => [id, tasks.map((shown) => shown.id).join(' ')]))
}

describe('lists', () => {
  it('get a task at the end, once', () => {
    const lists = addTask(before, task('d'), 'todo')
    expect(order(lists)).toEqual({ todo: 'a b c d', done: 'z' })
    expect(addTask(lists, task('d'), 'todo')).toBe(lists)
  })

  it('get a list at the end, once', () => {
    const lists = addList(before, { list: 'new', name: 'New' })
    expect(order(lists)).toEqual({ todo: 'a b c', done: 'z', new: '' })
    expect(addList(lists, { list: 'new', name: 'New' })).toBe(lists)
  })

  it('have a task moved in front of another one, or to the end where that is not in the list', () => {
    expect(order(moveTask(before, 'c', { list: 'todo', before: 'a' }))).toEqual({ todo: 'c a b', done: 'z' })
    for (const target of [null, 'b']) {
      expect(order(moveTask(before, 'a', { list: 'done', before: target }))).toEqual({ todo: 'b c', done: 'z a' })
    }
  })

  it('have a task edited and removed, and stay what they are where it is not in them', () => {
    const lists = editTask(before, 'a', (shown) => ({ ...shown, title: 'A' }))
    expect(lists[0]?.tasks.map(({ title }) => title)).toEqual(['A', 'b', 'c'])
    expect(lists[1]).toBe(before[1])
    expect(order(removeTask(before, 'b'))).toEqual({ todo: 'a c', done: 'z' })
  })

  it('made the same change twice are as after one', () => {
    const move = (lists: readonly List[]) => moveTask(lists, 'b', { list: 'done', before: 'z' })
    expect(move(move(before))).toEqual(move(before))
    expect(removeTask(removeTask(before, 'b'), 'b')).toEqual(removeTask(before, 'b'))
  })

  it('are not changed by what is about a task or a list that is gone', () => {
    expect(editTask(before, 'gone', () => task('x'))).toEqual(before)
    expect(moveTask(before, 'gone', { list: 'done', before: null })).toEqual(before)
    expect(moveTask(before, 'a', { list: 'gone', before: null })).toEqual(before)
    expect(removeTask(before, 'gone')).toEqual(before)
    expect(addTask(before, task('d'), 'gone')).toEqual(before)
  })
})
