import { topic } from '@hotline/server'
import { LIMITS } from '../../shared/limits.ts'
import type { BoardSnapshot, ChatSnapshot, Receipt } from '../../shared/model.ts'
import type { Database, Transaction } from './database.ts'
import { appendEvent, type Change, EVENTS_CHANNEL, lastEvent } from './events.ts'
import { chunksAfter, type NewFile, storedFile } from './files.ts'
import { type Intent, keepReceipt, receiptOf } from './keys.ts'
import { newestMessages } from './messages.ts'
import { openDatabase, type Place } from './open-database.ts'
import { SharedReading } from './shared-reading.ts'
import { allLists } from './snapshot.ts'
import { Upload } from './upload.ts'

/**
 * A change waits for the one before it, of other processes too: numbers grow in the order of commits, so a snapshot that
 * has event 8 has 7 as well, and what `work` has counted stays true until it commits.
 */
const ONE_AT_A_TIME = 'select pg_advisory_xact_lock(1)'

/** What a change does in its transaction, and the event that tells of it. */
export type Work = (transaction: Transaction) => Promise<Change | undefined>

/** The board in its database: read it, change it, hear that it has changed. */
export class Board {
  readonly #database: Database
  readonly #lists = new SharedReading(() =>
    this.#snapshot(async (transaction) => ({ lists: await allLists(transaction) })),
  )
  readonly #messages = new SharedReading(() =>
    this.#snapshot(async (transaction) => ({ messages: await newestMessages(transaction, LIMITS.recentMessages) })),
  )
  /** Says "look again" when something has changed, whichever process has changed it. */
  readonly changed = topic<void>()

  private constructor(database: Database) {
    this.#database = database
  }

  static async open(place: Place): Promise<Board> {
    return Board.on(await openDatabase(place))
  }

  static async on(database: Database): Promise<Board> {
    const board = new Board(database)
    await database.listen(EVENTS_CHANNEL, () => {
      board.#forget()
      board.changed.publish()
    })
    return board
  }

  /**
   * Runs `work` in a transaction, and records the change it returns as an event and its receipt under the intent's key
   * in the same transaction: a second call with this key, even after a crash, gets the receipt of the first and changes
   * nothing. What `work` throws undoes everything, so that nothing has happened and the key is free. `undefined` means
   * that there was nothing (left) to do, and no event is made.
   */
  async change(intent: Intent, work: Work): Promise<Receipt> {
    const receipt = await this.#database.transaction(async (transaction) => {
      await transaction.query(ONE_AT_A_TIME)
      const earlier = await receiptOf(transaction, intent)
      if (earlier !== undefined) return earlier
      const change = await work(transaction)
      const event = change === undefined ? lastEvent(transaction) : appendEvent(transaction, intent.by, change)
      const receipt = { event: await event }
      await keepReceipt(transaction, intent, receipt)
      return receipt
    })
    // Whoever has the receipt sees the change, also before it is announced.
    this.#forget()
    return receipt
  }

  lists(): Promise<BoardSnapshot> {
    return this.#lists.get()
  }

  recentMessages(): Promise<ChatSnapshot> {
    return this.#messages.get()
  }

  /** Begins to take in a file, which `finishFile` then lets everyone see. Undefined when there is no such task. */
  beginUpload(file: NewFile): Promise<Upload | undefined> {
    return Upload.begin(this.#database, file)
  }

  /** What a file is, and its chunks behind a number; undefined when there is no such file. */
  async openFile(id: string) {
    const stored = await storedFile(this.#database, id)
    if (stored === undefined) return undefined
    const { description, attempt } = stored
    return { description, chunks: (after: number) => chunksAfter(this.#database, attempt, after) }
  }

  /** Waits for transactions under way. */
  close(): Promise<void> {
    return this.#database.close()
  }

  #forget(): void {
    this.#lists.forget()
    this.#messages.forget()
  }

  /** What `read` reads is of one moment, however many statements it takes; `last` is the number of the last event in it. */
  #snapshot<Value extends object>(
    read: (transaction: Transaction) => Promise<Value>,
  ): Promise<Value & { last: number }> {
    return this.#database.transaction(async (transaction) => {
      await transaction.exec('set transaction isolation level repeatable read, read only')
      return { last: await lastEvent(transaction), ...(await read(transaction)) }
    })
  }
}
