import { marked } from './marked.ts'

/** Registered, not local: an item tracked by another copy of this package carries the same mark. */
const MARK = Symbol.for('@hotline/tracked')
const POSITION_MARK = Symbol.for('@hotline/position')

/** Ids travel with every event and come back with every reopening, so they are kept short. */
const MAX_ID_LENGTH = 256

/** A stream's item with the id from which its consumer can go on. The consumer sees the value alone. */
export interface Tracked<Value> {
  readonly '~trackedId': string
  readonly value: Value
}

/** Yielded among items, it says where a stream stands instead of giving one. The consumer doesn't see it as an item. */
export interface Position {
  readonly '~position': true
  /** Where the stream would go on. */
  readonly eventId: string | undefined
  /** Items are missing before this point. */
  readonly isGap: boolean
  /** How many, where that is known. */
  readonly missed: number | undefined
}

/** What a consumer sees of an item that may be tracked. */
export type Untracked<Item> = Item extends Tracked<infer Value> ? Value : Item extends Position ? never : Item

const TrackedItem = /* @__PURE__ */ marked(
  MARK,
  class TrackedItem<Value> implements Tracked<Value> {
    readonly '~trackedId': string
    readonly value: Value

    constructor(id: string, value: Value) {
      this['~trackedId'] = id
      this.value = value
    }
  },
)

const StreamPosition = /* @__PURE__ */ marked(
  POSITION_MARK,
  class StreamPosition implements Position {
    readonly '~position' = true
    readonly eventId: string | undefined
    readonly isGap: boolean
    readonly missed: number | undefined

    constructor(eventId: string | undefined, isGap: boolean, missed: number | undefined) {
      this.eventId = eventId
      this.isGap = isGap
      this.missed = missed
    }
  },
)

/**
 * Gives an item of a subscription an id: `yield tracked(event.id, event)`. After a lost session the handler is called
 * again with the last id received as `lastEventId`. The id is a string of at most 256 characters, else a TypeError.
 *
 * `yield tracked.start(id)` before the first item says where the stream begins: without it, a stream that is lost
 * before its first item can't know what it missed, and tells its consumer of a gap.
 */
export const tracked: Tracker = /* @__PURE__ */ Object.assign(trackItem, { start: startAt })

/** What `tracked` is. */
export interface Tracker {
  <Value>(id: string, value: Value): Tracked<Value>
  start(id: string): Position
}

/**
 * Tells the consumer that items are missing before this point: `if (isTooOld(lastEventId)) yield gap()`. `missed` is how
 * many, where that is known: a whole number from 0, else a TypeError.
 */
export function gap(missed?: number): Position {
  if (missed === undefined || (Number.isSafeInteger(missed) && missed >= 0)) {
    return new StreamPosition(undefined, true, missed)
  }
  throw new TypeError(`A gap of ${missed} items can't be: give a whole number from 0, or nothing where it isn't known.`)
}

/** Where a stream begins: behind the event with this id, and whether some before it are missing. */
export function positionAt(eventId: string | undefined, isGap: boolean): Position {
  return new StreamPosition(eventId, isGap, undefined)
}

/** Whether a yielded item is no item, but says where the stream stands. */
export function isPosition(item: unknown): item is Position {
  return typeof item === 'object' && item !== null && POSITION_MARK in item
}

function trackItem<Value>(id: string, value: Value): Tracked<Value> {
  return new TrackedItem(checkEventId(id, 'tracked(String(id), value)'), value)
}

function startAt(id: string): Position {
  return positionAt(checkEventId(id, 'tracked.start(String(id))'), false)
}

/** @throws TypeError for what can't be the id of an event, with the remedy. */
export function checkEventId(id: unknown, remedy: string): string {
  if (typeof id !== 'string') {
    throw new TypeError(`An event's id must be a string, not ${typeof id}: write ${remedy}.`)
  }
  if (id.length <= MAX_ID_LENGTH) return id
  throw new TypeError(
    `An event's id may have ${MAX_ID_LENGTH} characters, this one has ${id.length}: use a shorter one.`,
  )
}

/** Whether a yielded item came from `tracked`. */
export function isTracked(item: unknown): item is Tracked<unknown> {
  return typeof item === 'object' && item !== null && MARK in item
}

/** The id that `tracked` was given. */
export function trackedId(item: Tracked<unknown>): string {
  return item['~trackedId']
}
