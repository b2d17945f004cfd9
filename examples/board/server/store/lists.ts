import type { Transaction } from './database.ts'

/** Adds a list at the right end. False when a list of this id is there already: the same change, sent again. */
export async function addList(transaction: Transaction, id: string, name: string): Promise<boolean> {
  const { affectedRows } = await transaction.query(
    'insert into lists (id, name) values ($1, $2) on conflict (id) do nothing',
    [id, name],
  )
  return affectedRows === 1
}

/** False when there is no such list. */
export async function renameList(transaction: Transaction, id: string, name: string): Promise<boolean> {
  const { affectedRows } = await transaction.query('update lists set name = $2 where id = $1', [id, name])
  return affectedRows === 1
}

export async function hasList(transaction: Transaction, id: string): Promise<boolean> {
  const { rows } = await transaction.query('select 1 from lists where id = $1', [id])
  return rows.length === 1
}

export async function countLists(transaction: Transaction): Promise<number> {
  const { rows } = await transaction.query<{ lists: number }>('select count(*)::integer as lists from lists')
  return rows[0]?.lists ?? 0
}
