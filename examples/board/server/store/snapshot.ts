import type { List, Task } from '../../shared/model.ts'
import type { Transaction } from './database.ts'

interface TaskRow extends Task {
  readonly list: string
}

/** All lists with their tasks, in the order they are shown. */
export async function allLists(transaction: Transaction): Promise<List[]> {
  const lists = await transaction.query<{ id: string; name: string }>('select id, name from lists order by position')
  const tasks = await transaction.query<TaskRow>(
    'select list, id, title, added_by as "addedBy", done_by as "doneBy" from tasks order by position, id',
  )
  const byList = new Map<string, Task[]>(lists.rows.map(({ id }) => [id, []]))
  for (const { list, ...task } of tasks.rows) byList.get(list)?.push(task)
  return lists.rows.map(({ id, name }) => ({ id, name, tasks: byList.get(id) ?? [] }))
}
