import { LIMITS } from '../../shared/limits.ts'
import type { BoardEvent, BoardSnapshot, Change, ChatSnapshot, Person, Receipt } from '../../shared/model.ts'
import { type Database, openDatabase, type Transaction } from './database.ts'
import { Doorbell } from './doorbell.ts'
import { appendEvent, EVENTS_CHANNEL, eventsAfter, lastEvent } from './events.ts'
import { follow } from './follow.ts'
import { newestMessages } from './messages.ts'
import { allLists } from './snapshot.ts'

/** How many events a follower reads from the table at once. */
const READ_AT_ONCE = 100

/** The board in its database: read it, change it, follow what happens to it. */
export class Board {
  readonly #database: Database
  readonly #doorbell: Doorbell

  private constructor(database: Database, doorbell: Doorbell) {
    this.#database = database
    this.#doorbell = doorbell
  }

  /** Opens the board kept in `folder`; without a folder it lives in memory, which is what tests want. */
  static async open(folder?: string): Promise<Board> {
    return Board.on(await openDatabase(folder))
  }

  static async on(database: Database): Promise<Board> {
    const doorbell = new Doorbell()
    await database.listen(EVENTS_CHANNEL, () => doorbell.ring())
    return new Board(database, doorbell)
  }

  /**
   * Runs `work` in a transaction and records the change it returns as an event of the same transaction. What `work`
   * throws undoes everything. `undefined` means that there was nothing (left) to do, and no event is made.
   */
  change(by: Person, work: (transaction: Transaction) => Promise<Change | undefined>): Promise<Receipt> {
    return this.#database.transaction(async (transaction) => {
      const change = await work(transaction)
      const event = change === undefined ? lastEvent(transaction) : appendEvent(transaction, by, change)
      return { event: await event }
    })
  }

  lists(): Promise<BoardSnapshot> {
    return this.#database.transaction(async (transaction) => ({
      last: await lastEvent(transaction),
      lists: await allLists(transaction),
    }))
  }

  recentMessages(): Promise<ChatSnapshot> {
    return this.#database.transaction(async (transaction) => ({
      last: await lastEvent(transaction),
      messages: await newestMessages(transaction, LIMITS.recentMessages),
    }))
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
  async close(): Promise<void> {
    if (!this.#database.closed) await this.#database.close()
  }
}
