import type { TaskFile } from '../../shared/model.ts'
import type { Database, Queries, Transaction } from './database.ts'

/** How bytes go to the database and come back: PGlite spells bytea digit by digit, which takes several times as long. */
const ON_THE_WAY = 'base64'

export interface NewFile {
  /** The file's id, as the page has made it. */
  readonly file: string
  readonly task: string
  readonly name: string
  readonly type: string
}

/** A file whose chunks are still coming. Nobody sees it. */
export interface Unfinished {
  readonly file: string
  /** Names this attempt: a page that sends a file again may find its first attempt still under way. */
  readonly attempt: string
  /** Bytes of all its chunks. */
  readonly size: number
}

/** A file that is there, and the attempt that has its chunks. */
export interface Stored {
  readonly attempt: string
  readonly description: TaskFile
}

/**
 * Gives the attempt's name; undefined when there is no such task. What a process left behind that died in the middle of
 * an upload goes after a day.
 */
export async function beginFile(queries: Queries, { file, task, name, type }: NewFile): Promise<string | undefined> {
  await queries.query(`delete from files where size is null and begun_at < now() - interval '1 day'`)
  const { rows } = await queries.query<{ attempt: string }>(
    'insert into files (id, task, name, type) select $1, id, $3, $4 from tasks where id = $2 returning attempt',
    [file, task, name, type],
  )
  return rows[0]?.attempt
}

/** False when the attempt is gone, because its task is. */
export async function appendChunk(
  queries: Queries,
  attempt: string,
  { number, bytes }: { readonly number: number; readonly bytes: Uint8Array },
): Promise<boolean> {
  const { affectedRows } = await queries.query(
    'insert into chunks (attempt, number, bytes) select attempt, $2, decode($3, $4) from files where attempt = $1',
    [attempt, number, Buffer.from(bytes).toString(ON_THE_WAY), ON_THE_WAY],
  )
  return affectedRows === 1
}

/** Lets everyone see the file. False when there is nothing to see: an earlier attempt has finished, or the task is gone. */
export async function finishFile(transaction: Transaction, { file, attempt, size }: Unfinished): Promise<boolean> {
  if ((await storedFile(transaction, file)) !== undefined) return false
  const { affectedRows } = await transaction.query('update files set size = $2 where attempt = $1', [attempt, size])
  return affectedRows === 1
}

export async function dropUnlessFinished(queries: Queries, attempt: string): Promise<void> {
  await queries.query('delete from files where attempt = $1 and size is null', [attempt])
}

export async function storedFile(queries: Queries, id: string): Promise<Stored | undefined> {
  const { rows } = await queries.query<TaskFile & { attempt: string }>(
    'select attempt, id, name, type, size from files where id = $1 and size is not null',
    [id],
  )
  const [row] = rows
  if (row === undefined) return undefined
  const { attempt, ...description } = row
  return { attempt, description }
}

/** The chunks behind number `after`, one after the other: a reader who waits keeps none of them in memory. */
export async function* chunksAfter(database: Database, attempt: string, after: number) {
  for (let number = after + 1; ; number += 1) {
    const { rows } = await database.query<{ text: string }>(
      'select encode(bytes, $3) as text from chunks where attempt = $1 and number = $2',
      [attempt, number, ON_THE_WAY],
    )
    const [row] = rows
    if (row === undefined) return
    // A copy: a Uint8Array and nothing more, where a Buffer shares its memory with others.
    yield { number, bytes: new Uint8Array(Buffer.from(row.text, ON_THE_WAY)) }
  }
}

/** Gives the task that had it, undefined when there is no such file. */
export async function removeFile(transaction: Transaction, id: string): Promise<string | undefined> {
  const { rows } = await transaction.query<{ task: string }>(
    'delete from files where id = $1 and size is not null returning task',
    [id],
  )
  return rows[0]?.task
}
