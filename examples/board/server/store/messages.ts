import type { Message, Person } from '../../shared/model.ts'
import type { Transaction } from './database.ts'

/** Adds a message. False when a message of this id is there already: the same one, sent again. */
export async function addMessage(
  transaction: Transaction,
  { id, text, by }: { readonly id: string; readonly text: string; readonly by: Person },
): Promise<boolean> {
  const { affectedRows } = await transaction.query(
    'insert into messages (id, text, said_by, said_at) values ($1, $2, $3, now()) on conflict (id) do nothing',
    [id, text, by],
  )
  return affectedRows === 1
}

/** The newest messages, oldest first. */
export async function newestMessages(transaction: Transaction, limit: number): Promise<Message[]> {
  const { rows } = await transaction.query<Message>(
    'select id, text, said_by as by, said_at as at from messages order by position desc limit $1',
    [limit],
  )
  return rows.reverse()
}
