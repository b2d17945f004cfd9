import type { Database } from './database.ts'
import { MIGRATIONS } from './migrations.ts'

/** Two processes that start at once run each step once: the second waits here for the first. */
const LOCK = 'select pg_advisory_xact_lock(2)'

/** All steps and the notes that they were run share a transaction: a crash half way leaves nothing. */
export function migrate(database: Database): Promise<void> {
  return database.transaction(async (transaction) => {
    await transaction.query(LOCK)
    await transaction.exec('create table if not exists migrations (step integer primary key)')
    const { rows } = await transaction.query<{ steps: number }>('select count(*)::integer as steps from migrations')
    const run = rows[0]?.steps ?? 0
    for (const [index, sql] of MIGRATIONS.entries()) {
      if (index < run) continue
      await transaction.exec(sql)
      await transaction.query('insert into migrations (step) values ($1)', [index + 1])
    }
  })
}
