import type { Person, TaskFile } from '../../shared/model.ts'
import type { Queries, Transaction } from './database.ts'

/** One thing that happened, as the events table keeps it. `before: null` means "at the end of the list". */
export type Change =
  | { readonly type: 'list-added'; readonly list: string; readonly name: string }
  | { readonly type: 'list-renamed'; readonly list: string; readonly name: string }
  | { readonly type: 'task-added'; readonly task: string; readonly list: string; readonly title: string }
  | { readonly type: 'task-renamed'; readonly task: string; readonly title: string }
  | { readonly type: 'task-moved'; readonly task: string; readonly list: string; readonly before: string | null }
  | { readonly type: 'task-completed'; readonly task: string; readonly done: boolean }
  | { readonly type: 'task-removed'; readonly task: string }
  | { readonly type: 'file-added'; readonly task: string; readonly file: TaskFile }
  | { readonly type: 'file-removed'; readonly task: string; readonly file: string }
  | { readonly type: 'message-said'; readonly message: string; readonly text: string }

/** The channel on which a committed event is announced. The announcement is empty: the table says what happened. */
export const EVENTS_CHANNEL = 'events'

/**
 * Records a change under the next number. Must run in the transaction that makes the change, so that there is never
 * one without the other; Postgres holds the announcement back until that transaction commits.
 */
export async function appendEvent(transaction: Transaction, by: Person, change: Change): Promise<number> {
  const { rows } = await transaction.query<{ id: number }>(
    'insert into events (change, by) values ($1, $2) returning id',
    [change, by],
  )
  await transaction.query('select pg_notify($1, $2)', [EVENTS_CHANNEL, ''])
  const [event] = rows
  if (event === undefined) throw new Error('The event was not recorded: insert returned no row.')
  return event.id
}

/** The number of the newest event, 0 when nothing has happened yet. */
export async function lastEvent(database: Queries): Promise<number> {
  const { rows } = await database.query<{ last: number }>('select coalesce(max(id), 0) as last from events')
  return rows[0]?.last ?? 0
}
