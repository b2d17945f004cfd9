import type { List, Task, TaskFile } from '../../shared/model.ts'
import type { Transaction } from './database.ts'

interface TaskRow extends Omit<Task, 'files'> {
  readonly list: string
}

interface FileRow extends TaskFile {
  readonly task: string
}

/** All lists with their tasks, in the order they are shown. */
export async function allLists(transaction: Transaction): Promise<List[]> {
  const lists = await transaction.query<{ id: string; name: string }>('select id, name from lists order by position')
  const tasks = await transaction.query<TaskRow>(
    `select list, id, title, added_by as "addedBy", done_by as "doneBy",
       (select json_build_object('event', id, 'by', by) from events
        where change->>'task' = tasks.id::text order by id desc limit 1) as touched
     from tasks order by position, id`,
  )
  const files = await transaction.query<FileRow>(
    'select task, id, name, type, size from files where size is not null order by position',
  )
  const byTask = new Map<string, TaskFile[]>(tasks.rows.map(({ id }) => [id, []]))
  for (const { task, ...file } of files.rows) byTask.get(task)?.push(file)
  const byList = new Map<string, Task[]>(lists.rows.map(({ id }) => [id, []]))
  for (const { list, ...task } of tasks.rows) byList.get(list)?.push({ ...task, files: byTask.get(task.id) ?? [] })
  return lists.rows.map(({ id, name }) => ({ id, name, tasks: byList.get(id) ?? [] }))
}
