import type { Position } from '../contract/tracked.ts'
import type { Events } from './events.ts'
import { type Begin, Feed } from './feed.ts'
import { capacityOf, type FeedOptions } from './when-full.ts'

/**
 * Events whose items are what is pushed, begun anew for each reader.
 * @throws TypeError for options that don't hold, where they stand and not where they are used.
 */
export function plainEvents<Item>(options: FeedOptions, begin: Begin<Item, Item>): Events<Item | Position> {
  capacityOf(options)
  return { [Symbol.asyncIterator]: () => new Feed<Item, Item>(options, (item) => item, begin) }
}
