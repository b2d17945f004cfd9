import type { BoardEvent, List, Person, Signed, Task } from '../../shared/model.ts'

/** An event as it came in on this page, and when. */
export interface SeenEvent extends BoardEvent {
  /** As `Date.now()` counts. */
  readonly seenAt: number
}

/** A task as the page shows it: `touched` is the last event about it while this page was open. */
export interface ShownTask extends Task {
  readonly touched?: Touch
}

export interface Touch {
  readonly event: number
  readonly by: Person
  readonly seenAt: number
}

export interface ShownList extends List {
  readonly tasks: readonly ShownTask[]
}

type Lists = readonly ShownList[]

/**
 * The lists after a change. The server's event and the page's own, not yet answered change go through here alike.
 * Applying one twice is the same as once, and one that no longer fits (its task is gone) changes nothing.
 */
export function changeLists(lists: Lists, signed: Signed | SeenEvent): Lists {
  const { change, by } = signed
  const touched = 'seenAt' in signed ? { touched: { event: signed.id, by, seenAt: signed.seenAt } } : {}
  switch (change.type) {
    case 'list-added':
      if (lists.some((list) => list.id === change.list)) return lists
      return [...lists, { id: change.list, name: change.name, tasks: [] }]

    case 'list-renamed':
      return lists.map((list) => (list.id === change.list ? { ...list, name: change.name } : list))

    case 'task-added':
      if (findTask(lists, change.task) !== undefined) return lists
      return insertTask(lists, change.list, {
        task: { id: change.task, title: change.title, addedBy: by, doneBy: null, files: [], ...touched },
        before: null,
      })

    case 'task-renamed':
      return replaceTask(lists, change.task, (task) => ({ ...task, title: change.title, ...touched }))

    case 'task-completed':
      return replaceTask(lists, change.task, (task) => ({ ...task, doneBy: change.done ? by : null, ...touched }))

    case 'task-moved': {
      const task = findTask(lists, change.task)
      if (task === undefined || !lists.some((list) => list.id === change.list)) return lists
      const place = { task: { ...task, ...touched }, before: change.before }
      return insertTask(withoutTask(lists, change.task), change.list, place)
    }

    case 'file-added':
      return replaceTask(lists, change.task, (task) => {
        if (task.files.some((file) => file.id === change.file.id)) return task
        return { ...task, files: [...task.files, change.file], ...touched }
      })

    case 'file-removed':
      return replaceTask(lists, change.task, (task) => {
        return { ...task, files: task.files.filter((file) => file.id !== change.file), ...touched }
      })

    case 'task-removed':
      return withoutTask(lists, change.task)

    case 'message-said':
      return lists
  }
}

function findTask(lists: Lists, id: string): ShownTask | undefined {
  return lists.flatMap((list) => list.tasks).find((task) => task.id === id)
}

/** Puts a task in front of `before`, or at the end when that one isn't in the list. The server does the same. */
function insertTask(
  lists: Lists,
  id: string,
  { task, before }: { readonly task: ShownTask; readonly before: string | null },
): Lists {
  return lists.map((list) => {
    if (list.id !== id) return list
    const found = list.tasks.findIndex((other) => other.id === before)
    const index = found === -1 ? list.tasks.length : found
    return { ...list, tasks: list.tasks.toSpliced(index, 0, task) }
  })
}

function replaceTask(lists: Lists, id: string, replace: (task: ShownTask) => ShownTask): Lists {
  return lists.map((list) => {
    if (!list.tasks.some((task) => task.id === id)) return list
    return { ...list, tasks: list.tasks.map((task) => (task.id === id ? replace(task) : task)) }
  })
}

function withoutTask(lists: Lists, id: string): Lists {
  return lists.map((list) => {
    if (!list.tasks.some((task) => task.id === id)) return list
    return { ...list, tasks: list.tasks.filter((task) => task.id !== id) }
  })
}
