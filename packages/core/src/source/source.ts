import { isThenable } from '../contract/is-thenable.ts'
import type { Position } from '../contract/tracked.ts'
import type { Events } from './events.ts'
import type { Feed } from './feed.ts'
import { plainEvents } from './plain-events.ts'
import type { FeedOptions } from './when-full.ts'

/** What a source may do besides pushing. */
export interface SourceControl {
  /** Nothing more comes: the stream ends, behind what waits. */
  end(): void
  /** The stream ends with what is given, as if a handler had thrown it, behind what waits. */
  fail(error: unknown): void
  /** Aborts when nobody reads any more, for whatever reason. */
  readonly signal: AbortSignal
}

/**
 * Begins to produce. Gives the undo, if there is something to undo: it runs exactly once, when the stream ends for
 * whatever reason, and the end waits for an undo that gives a promise. A start that gives a promise produces until that settles, and ends the stream as it does.
 */
export type StartSource<Push> = (push: Push, control: SourceControl) => void | (() => void) | Promise<void>

/**
 * A subscription of whatever calls back: `source<Item>((push) => { const undo = db.listen(push); return undo }, { whenFull })`.
 * It starts where its reader begins, in the very turn in which the subscription is accepted.
 *
 * With `block`, `push` gives a promise where whoever pushes has to wait; who doesn't is ended by `SLOW_CONSUMER` once
 * 256 pushes wait at a time. With `drop-oldest` and `latest`, a loop gets `gap(missed)` where something was dropped.
 */
export function source<Item>(
  start: StartSource<(item: Item) => void | Promise<void>>,
  options: FeedOptions<'block'>,
): Events<Item>
export function source<Item>(start: StartSource<(item: Item) => void>, options: FeedOptions<'fail'>): Events<Item>
export function source<Item>(
  start: StartSource<(item: Item) => void>,
  options: FeedOptions<'drop-oldest' | 'latest'>,
): Events<Item | Position>
export function source<Item>(
  start: StartSource<(item: Item) => void | Promise<void>>,
  options: FeedOptions,
): Events<Item | Position> {
  return plainEvents(options, (feed) => begin(feed, start))
}

function begin<Item>(feed: Feed<Item, Item>, start: StartSource<(item: Item) => void | Promise<void>>): () => unknown {
  const controller = new AbortController()
  const { signal } = controller
  const end = () => feed.end()
  const fail = (error: unknown) => feed.fail(error)
  let started: ReturnType<typeof start>
  try {
    started = start((item) => feed.push(item), { end, fail, signal })
  } catch (thrown) {
    controller.abort()
    throw thrown
  }
  if (isThenable<unknown>(started)) void Promise.resolve(started).then(end, fail)
  return () => {
    controller.abort()
    return typeof started === 'function' ? started() : undefined
  }
}
