import type { Person } from '../../shared/model.ts'
import type { Transaction } from './database.ts'

export interface NewTask {
  readonly id: string
  readonly list: string
  readonly title: string
  readonly addedBy: Person
}

/** Adds a task at the end of its list. */
export async function addTask(transaction: Transaction, { id, list, title, addedBy }: NewTask): Promise<void> {
  const position = await positionAtEnd(transaction, list)
  await transaction.query('insert into tasks (id, list, title, position, added_by) values ($1, $2, $3, $4, $5)', [
    id,
    list,
    title,
    position,
    addedBy,
  ])
}

/** The list that holds a task, undefined when there is no such task. */
export async function listOfTask(transaction: Transaction, id: string): Promise<string | undefined> {
  const { rows } = await transaction.query<{ list: string }>('select list from tasks where id = $1', [id])
  return rows[0]?.list
}

export async function countTasks(transaction: Transaction, list: string): Promise<number> {
  const { rows } = await transaction.query<{ tasks: number }>(
    'select count(*)::integer as tasks from tasks where list = $1',
    [list],
  )
  return rows[0]?.tasks ?? 0
}

/** False when there is no such task; the same holds for the functions below. */
export async function renameTask(transaction: Transaction, id: string, title: string): Promise<boolean> {
  const { affectedRows } = await transaction.query('update tasks set title = $2 where id = $1', [id, title])
  return affectedRows === 1
}

/** `doneBy: null` takes the tick away. */
export async function completeTask(transaction: Transaction, id: string, doneBy: Person | null): Promise<boolean> {
  const { affectedRows } = await transaction.query('update tasks set done_by = $2 where id = $1', [id, doneBy])
  return affectedRows === 1
}

export async function removeTask(transaction: Transaction, id: string): Promise<boolean> {
  const { affectedRows } = await transaction.query('delete from tasks where id = $1', [id])
  return affectedRows === 1
}

/** Moves a task to `list`, in front of the task `before`, or to the end when that one isn't in the list (any more). */
export async function moveTask(
  transaction: Transaction,
  id: string,
  { list, before }: { readonly list: string; readonly before: string | null },
): Promise<void> {
  const position =
    (before === null ? undefined : await positionInFrontOf(transaction, before, { list, moving: id })) ??
    (await positionAtEnd(transaction, list))
  await transaction.query('update tasks set list = $2, position = $3 where id = $1', [id, list, position])
}

async function positionAtEnd(transaction: Transaction, list: string): Promise<number> {
  const { rows } = await transaction.query<{ position: number }>(
    'select coalesce(max(position), 0) + 1 as position from tasks where list = $1',
    [list],
  )
  return rows[0]?.position ?? 1
}

/**
 * Half way between a task and the one above it. After some fifty moves into the same gap a double has no number left
 * there; then the list is numbered 1, 2, 3 … anew, which changes nobody's order.
 */
async function positionInFrontOf(
  transaction: Transaction,
  before: string,
  { list, moving }: { readonly list: string; readonly moving: string },
): Promise<number | undefined> {
  const gap = () =>
    transaction.query<{ above: number; below: number }>(
      `select below.position as below, coalesce(
         (select max(position) from tasks where list = $2 and position < below.position and id <> $3),
         below.position - 2) as above
       from tasks as below where below.id = $1 and below.list = $2`,
      [before, list, moving],
    )
  for (const retry of [false, true]) {
    if (retry) await renumber(transaction, list)
    const [found] = (await gap()).rows
    if (found === undefined) return undefined
    const middle = (found.above + found.below) / 2
    if (middle > found.above && middle < found.below) return middle
  }
  return undefined
}

async function renumber(transaction: Transaction, list: string): Promise<void> {
  await transaction.query(
    `update tasks set position = ordered.number
     from (select id, row_number() over (order by position, id) as number from tasks where list = $1) as ordered
     where tasks.id = ordered.id`,
    [list],
  )
}
