import type { Database } from './database.ts'
import { appendChunk, beginFile, dropUnlessFinished, type NewFile, type Unfinished } from './files.ts'

/**
 * A file on its way into the database. Each chunk is a statement of its own: were the whole upload one transaction,
 * everybody's changes would wait for the slowest line.
 */
export class Upload implements Unfinished {
  readonly #database: Database
  readonly file: string
  readonly attempt: string
  #chunks = 0
  #size = 0

  private constructor(database: Database, file: string, attempt: string) {
    this.#database = database
    this.file = file
    this.attempt = attempt
  }

  /** Undefined when there is no such task. */
  static async begin(database: Database, file: NewFile): Promise<Upload | undefined> {
    const attempt = await beginFile(database, file)
    return attempt === undefined ? undefined : new Upload(database, file.file, attempt)
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size
  }

  /** To be awaited before the next one. False when the task has been removed meanwhile. */
  append(bytes: Uint8Array): Promise<boolean> {
    this.#chunks += 1
    this.#size += bytes.length
    return appendChunk(this.#database, this.attempt, { number: this.#chunks, bytes })
  }

  /** To be called at the end, whatever has happened: it takes every chunk of a file that was not finished. */
  dropUnlessFinished(): Promise<void> {
    return dropUnlessFinished(this.#database, this.attempt)
  }
}
