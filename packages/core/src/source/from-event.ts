import type { Position } from '../contract/tracked.ts'
import type { Events } from './events.ts'
import type { Feed } from './feed.ts'
import { plainEvents } from './plain-events.ts'
import type { FeedOptions } from './when-full.ts'

/** As much of an EventEmitter as is needed to listen to it. */
export interface EmitterLike {
  on(name: string | symbol, listener: (...given: readonly unknown[]) => void): unknown
  off(name: string | symbol, listener: (...given: readonly unknown[]) => void): unknown
}

/** As much of an EventTarget as is needed to listen to it. */
export interface EventTargetLike {
  addEventListener(name: string, listener: (event: unknown) => void): void
  removeEventListener(name: string, listener: (event: unknown) => void): void
}

/** An emitter can't wait, so `block` is no policy for it. */
export interface FromEventOptions<Item, Policy extends 'drop-oldest' | 'latest' | 'fail'> extends FeedOptions<Policy> {
  /** What of an event is the item; without it, the first value that the event was emitted with. */
  map?(...given: readonly unknown[]): Item
}

/**
 * The events of an EventEmitter or an EventTarget as a subscription: `fromEvent<Todo>(emitter, 'changed', { whenFull: 'drop-oldest' })`.
 * It listens from where its reader begins, in the very turn in which the subscription is accepted, until the stream ends.
 * Where events were dropped, a loop gets `gap(missed)` among them.
 */
export function fromEvent<Item>(
  emitter: EmitterLike | EventTargetLike,
  name: string | symbol,
  options: FromEventOptions<Item, 'fail'>,
): Events<Item>
export function fromEvent<Item>(
  emitter: EmitterLike | EventTargetLike,
  name: string | symbol,
  options: FromEventOptions<Item, 'drop-oldest' | 'latest'>,
): Events<Item | Position>
export function fromEvent<Item>(
  emitter: EmitterLike | EventTargetLike,
  name: string | symbol,
  options: FromEventOptions<Item, 'drop-oldest' | 'latest' | 'fail'>,
): Events<Item | Position> {
  return plainEvents(options, listen)

  function listen(feed: Feed<Item, Item>): () => void {
    const listener = (...given: readonly unknown[]) => {
      try {
        // Without `map` the type of the item is what the caller says that the events are.
        void feed.push(options.map === undefined ? (given[0] as Item) : options.map(...given))
      } catch (thrown) {
        // It is this stream's fault, not that of whoever emits.
        feed.fail(thrown)
      }
    }
    if ('on' in emitter) {
      emitter.on(name, listener)
      // What an emitter gives is the emitter, which may be a promise of something else, as that of a child process.
      return () => {
        emitter.off(name, listener)
      }
    }
    emitter.addEventListener(String(name), listener)
    return () => emitter.removeEventListener(String(name), listener)
  }
}
