import { LIMITS } from '../../shared/limits.ts'
import type { BoardEvent, BoardSnapshot, Change, ChatSnapshot, Receipt } from '../../shared/model.ts'
import type { Database, Transaction } from './database.ts'
import { Doorbell } from './doorbell.ts'
import { appendEvent, EVENTS_CHANNEL, eventsAfter, lastEvent } from './events.ts'
import { chunksAfter, type NewFile, storedFile } from './files.ts'
import { follow } from './follow.ts'
import { type Intent, keepReceipt, receiptOf } from './keys.ts'
import { newestMessages } from './messages.ts'
import { openDatabase, type Place } from './open-database.ts'
import { allLists } from './snapshot.ts'
import { Upload } from './upload.ts'

/** How many events a follower reads from the table at once. */
const READ_AT_ONCE = 100

/**
 * A change waits for the one before it, of other processes too: numbers grow in the order of commits, or a reader could
 * see 8 before 7 is there, and what `work` has counted stays true until it commits.
 */
const ONE_AT_A_TIME = 'select pg_advisory_xact_lock(1)'

/** What a change does in its transaction, and the event that tells of it. */
export type Work = (transaction: Transaction) => Promise<Change | undefined>

/** The board in its database: read it, change it, follow what happens to it. */
export class Board {
  readonly #database: Database
  readonly #doorbell: Doorbell

  private constructor(database: Database, doorbell: Doorbell) {
    this.#database = database
    this.#doorbell = doorbell
  }

  static async open(place: Place): Promise<Board> {
    return Board.on(await openDatabase(place))
  }

  static async on(database: Database): Promise<Board> {
    const doorbell = new Doorbell()
    await database.listen(EVENTS_CHANNEL, () => doorbell.ring())
    return new Board(database, doorbell)
  }

  /**
   * Runs `work` in a transaction, and records the change it returns as an event and its receipt under the intent's key
   * in the same transaction: a second call with this key, even after a crash, gets the receipt of the first and changes
   * nothing. What `work` throws undoes everything, so that nothing has happened and the key is free. `undefined` means
   * that there was nothing (left) to do, and no event is made.
   */
  change(intent: Intent, work: Work): Promise<Receipt> {
    return this.#database.transaction(async (transaction) => {
      await transaction.query(ONE_AT_A_TIME)
      const earlier = await receiptOf(transaction, intent)
      if (earlier !== undefined) return earlier
      const change = await work(transaction)
      const event = change === undefined ? lastEvent(transaction) : appendEvent(transaction, intent.by, change)
      const receipt = { event: await event }
      await keepReceipt(transaction, intent, receipt)
      return receipt
    })
  }

  lists(): Promise<BoardSnapshot> {
    return this.#snapshot(async (transaction) => ({
      last: await lastEvent(transaction),
      lists: await allLists(transaction),
    }))
  }

  recentMessages(): Promise<ChatSnapshot> {
    return this.#snapshot(async (transaction) => ({
      last: await lastEvent(transaction),
      messages: await newestMessages(transaction, LIMITS.recentMessages),
    }))
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

  /** The number of the newest event, 0 when nothing has happened yet. */
  lastEvent(): Promise<number> {
    return lastEvent(this.#database)
  }

  /** Every event after number `after`: first those of the past, then each new one as it is committed. */
  changes({ after, signal }: { readonly after: number; readonly signal: AbortSignal }): AsyncGenerator<BoardEvent> {
    const read = (last: number) => eventsAfter(this.#database, last, READ_AT_ONCE)
    return follow({ read, doorbell: this.#doorbell, after, signal })
  }

  /** How many `changes()` wait for something to happen. */
  get followers(): number {
    return this.#doorbell.waiting
  }

  /** Waits for transactions under way. Followers are ended by their signals, not by this. */
  close(): Promise<void> {
    return this.#database.close()
  }

  /** What `read` reads is of one moment, however many statements it takes. */
  #snapshot<Value>(read: (transaction: Transaction) => Promise<Value>): Promise<Value> {
    return this.#database.transaction(async (transaction) => {
      await transaction.exec('set transaction isolation level repeatable read, read only')
      return read(transaction)
    })
  }
}
