import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { openServer } from './postgres-server.ts'

/** A folder with a database in this process, the URL of a Postgres server, or neither: a database in memory. */
export interface Place {
  readonly folder?: string
  readonly url?: string | undefined
}

/** Opens a database and brings its schema up to date. */
export async function openDatabase({ folder, url }: Place = {}): Promise<Database> {
  const database = url === undefined ? await openFolder(folder) : openServer(url)
  await migrate(database)
  return database
}

/** Not loaded where a server has the data: it is a whole Postgres. */
async function openFolder(folder: string | undefined): Promise<Database> {
  const { PGlite } = await import('@electric-sql/pglite')
  return folder === undefined ? PGlite.create() : PGlite.create(folder)
}
