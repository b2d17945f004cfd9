import type { Person, Receipt } from '../../shared/model.ts'
import type { Transaction } from './database.ts'

/** Who wants a change, and the key that they gave to this one intent: made once, and sent again with each attempt. */
export interface Intent {
  readonly by: Person
  readonly key?: string | undefined
}

/** The receipt of the change that was made under this key; undefined when there was none. */
export async function receiptOf(transaction: Transaction, { by, key }: Intent): Promise<Receipt | undefined> {
  if (key === undefined) return undefined
  const { rows } = await transaction.query<{ receipt: Receipt }>(
    'select receipt from keys where person = $1 and key = $2',
    [by.id, key],
  )
  return rows[0]?.receipt
}

/**
 * Keeps a receipt under its key. Must run in the transaction that makes the change, so that there is never one without
 * the other, whatever dies. After a day nobody asks any more, and the key goes.
 */
export async function keepReceipt(transaction: Transaction, { by, key }: Intent, receipt: Receipt): Promise<void> {
  if (key === undefined) return
  await transaction.query(`delete from keys where at < now() - interval '1 day'`)
  await transaction.query('insert into keys (person, key, receipt) values ($1, $2, $3)', [by.id, key, receipt])
}
