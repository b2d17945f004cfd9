import type { List, Task } from '../../shared/model.ts'

type Lists = readonly List[]

export interface Place {
  readonly list: string
  /** The task that it comes in front of; null, or one that isn't in the list: the end. */
  readonly before: string | null
}

/** Adds a list at the end, unless it is there. */
export function addList(lists: Lists, { list, name }: { readonly list: string; readonly name: string }): Lists {
  return lists.some(({ id }) => id === list) ? lists : [...lists, { id: list, name, tasks: [] }]
}

/** Adds a task at the end of a list, unless it is there. */
export function addTask(lists: Lists, task: Task, list: string): Lists {
  return findTask(lists, task.id) === undefined ? insert(lists, task, { list, before: null }) : lists
}

export function editTask(lists: Lists, id: string, edit: (task: Task) => Task): Lists {
  return inListOf(lists, id, (tasks) => tasks.map((task) => (task.id === id ? edit(task) : task)))
}

/** Nothing happens where the task or the list is gone. */
export function moveTask(lists: Lists, id: string, place: Place): Lists {
  const task = findTask(lists, id)
  const isThere = lists.some((list) => list.id === place.list)
  return task === undefined || !isThere ? lists : insert(removeTask(lists, id), task, place)
}

export function removeTask(lists: Lists, id: string): Lists {
  return inListOf(lists, id, (tasks) => tasks.filter((task) => task.id !== id))
}

function findTask(lists: Lists, id: string): Task | undefined {
  return lists.flatMap(({ tasks }) => tasks).find((task) => task.id === id)
}

function insert(lists: Lists, task: Task, { list: id, before }: Place): Lists {
  return lists.map((list) => {
    if (list.id !== id) return list
    const found = list.tasks.findIndex((other) => other.id === before)
    return { ...list, tasks: list.tasks.toSpliced(found === -1 ? list.tasks.length : found, 0, task) }
  })
}

/** The other lists stay what they are, so that nothing of them is drawn anew. */
function inListOf(lists: Lists, id: string, edit: (tasks: readonly Task[]) => readonly Task[]): Lists {
  return lists.map((list) => {
    return list.tasks.some((task) => task.id === id) ? { ...list, tasks: edit(list.tasks) } : list
  })
}
