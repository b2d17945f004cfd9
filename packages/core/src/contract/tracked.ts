/** Registered, not local: an item tracked by another copy of this package carries the same mark. */
const MARK = Symbol.for('@hotline/tracked')

/** Ids travel with every event and come back with every reopening, so they are kept short. */
const MAX_ID_LENGTH = 256

/** A stream's item with the id from which its consumer can go on. The consumer sees the value alone. */
export interface Tracked<Value> {
  readonly '~trackedId': string
  readonly value: Value
}

/** What a consumer sees of an item that may be tracked. */
export type Untracked<Item> = Item extends Tracked<infer Value> ? Value : Item

class TrackedItem<Value> implements Tracked<Value> {
  static {
    Object.defineProperty(TrackedItem.prototype, MARK, { value: true })
  }

  readonly '~trackedId': string
  readonly value: Value

  constructor(id: string, value: Value) {
    this['~trackedId'] = id
    this.value = value
  }
}

/**
 * Gives an item of a subscription an id: `yield tracked(event.id, event)`. After a lost session the handler is called
 * again with the last id received as `lastEventId`. The id is a string of at most 256 characters, else a TypeError.
 */
export function tracked<Value>(id: string, value: Value): Tracked<Value> {
  if (typeof id !== 'string') {
    throw new TypeError(`An event's id must be a string, not ${typeof id}: write tracked(String(id), value).`)
  }
  if (id.length > MAX_ID_LENGTH) {
    throw new TypeError(
      `An event's id may have ${MAX_ID_LENGTH} characters, this one has ${id.length}: use a shorter one.`,
    )
  }
  return new TrackedItem(id, value)
}

/** Whether a yielded item came from `tracked`. */
export function isTracked(item: unknown): item is Tracked<unknown> {
  return typeof item === 'object' && item !== null && MARK in item
}

/** The id that `tracked` was given. */
export function trackedId(item: Tracked<unknown>): string {
  return item['~trackedId']
}
