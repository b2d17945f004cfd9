import type { BoardEvent, Change, Person } from '../../shared/model.ts'
import type { Database, Queries, Transaction } from './database.ts'

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

/** The events that follow number `after`, in order, at most `limit` of them. */
export async function eventsAfter(database: Database, after: number, limit: number): Promise<BoardEvent[]> {
  const { rows } = await database.query<BoardEvent>(
    'select id, change, by, at from events where id > $1 order by id limit $2',
    [after, limit],
  )
  return rows
}

/** The number of the newest event, 0 when nothing has happened yet. */
export async function lastEvent(database: Queries): Promise<number> {
  const { rows } = await database.query<{ last: number }>('select coalesce(max(id), 0) as last from events')
  return rows[0]?.last ?? 0
}
