import { PGlite, type Transaction } from '@electric-sql/pglite'
import { MIGRATIONS } from './migrations.ts'

export type Database = PGlite
export type { Transaction }

/** Opens the database in `folder`, or one that lives in memory, and brings its schema up to date. */
export async function openDatabase(folder?: string): Promise<Database> {
  const database = folder === undefined ? await PGlite.create() : await PGlite.create(folder)
  await migrate(database)
  return database
}

/** Each step and the note that it was run share a transaction: a crash half way leaves neither. */
async function migrate(database: Database): Promise<void> {
  await database.exec('create table if not exists migrations (step integer primary key)')
  const { rows } = await database.query<{ steps: number }>('select count(*)::integer as steps from migrations')
  const run = rows[0]?.steps ?? 0
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index < run) continue
    await database.transaction(async (transaction) => {
      await transaction.exec(sql)
      await transaction.query('insert into migrations (step) values ($1)', [index + 1])
    })
  }
}
