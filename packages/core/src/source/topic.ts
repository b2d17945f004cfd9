import { checkEventId, type Position, positionAt, type Tracked, tracked } from '../contract/tracked.ts'
import type { Events } from './events.ts'
import { Feed } from './feed.ts'
import { SharedItem } from './shared-item.ts'
import { capacityOf, type FeedOptions } from './when-full.ts'

export interface PublishOptions {
  /** From where a subscriber can go on: see `tracked`. */
  readonly id?: string | undefined
}

/** Whoever publishes to many doesn't wait for the slowest of them, so `block` is no policy here. */
export interface SubscribeOptions extends FeedOptions<'drop-oldest' | 'latest' | 'fail'> {
  /**
   * The `lastEventId` of a subscription that is opened again. A topic keeps nothing: where it was not the id of the newest
   * event, the stream begins with `gap()`.
   */
  readonly lastEventId?: string | undefined
}

/** One event, many subscribers, within this process. */
export interface Topic<Item> {
  /** Subscribers that read at the moment. */
  readonly size: number
  /**
   * Gives an item to every subscriber there is. It is checked and encoded once for all streams of a procedure, perhaps
   * later, so it mustn't be changed any more. A subscriber who is slow gets what its policy says; nobody waits for it.
   */
  publish(item: Item, options?: PublishOptions): void
  /**
   * What is published from the moment in which its reader begins: for a subscription that returns it, the moment in which
   * it is accepted. In a loop it gives items, tracked where they have an id, and `gap(missed)` where some were dropped.
   */
  subscribe(options: SubscribeOptions): Events<Item | Tracked<Item> | Position>
}

/** Makes a topic: `const changes = topic<Change>()`, `changes.publish(change)`, and `() => changes.subscribe({ whenFull: 'drop-oldest' })`. */
export function topic<Item>(): Topic<Item> {
  return new FeedTopic()
}

class FeedTopic<Item> implements Topic<Item> {
  readonly #feeds = new Set<Feed<SharedItem<Item>, Item | Tracked<Item>>>()
  /** The id of the newest event, if that has one. */
  #lastId: string | undefined

  get size(): number {
    return this.#feeds.size
  }

  publish(item: Item, { id }: PublishOptions = {}): void {
    const event = new SharedItem(
      item,
      id === undefined ? undefined : checkEventId(id, 'publish(item, { id: String(id) })'),
    )
    this.#lastId = id
    // Who subscribes because of the event doesn't get it.
    for (const feed of [...this.#feeds]) void feed.push(event)
  }

  subscribe(options: SubscribeOptions): Events<Item | Tracked<Item> | Position> {
    // What is wrong with the options is told where they stand.
    capacityOf(options)
    return {
      [Symbol.asyncIterator]: () =>
        new Feed<SharedItem<Item>, Item | Tracked<Item>>(options, unshared, (feed) => this.#follow(feed, options)),
    }
  }

  #follow(feed: Feed<SharedItem<Item>, Item | Tracked<Item>>, { lastEventId }: SubscribeOptions): () => void {
    const isGap = lastEventId !== undefined && lastEventId !== this.#lastId
    if (isGap || this.#lastId !== undefined) feed.beginAt(positionAt(this.#lastId, isGap))
    this.#feeds.add(feed)
    return () => this.#feeds.delete(feed)
  }
}

function unshared<Item>({ id, value }: SharedItem<Item>): Item | Tracked<Item> {
  return id === undefined ? value : tracked(id, value)
}
