import type { Stream } from '@hotline/core'
import type { QueryFunctionContext } from '@tanstack/query-core'

/** How the value of a live query follows its stream. */
export interface LiveSpec {
  /** Tells streams of one query apart: another id is another stream. */
  readonly id?: string
  open(signal: AbortSignal): Promise<Stream<unknown, unknown>>
  /** What an item makes of the value. Without it an item only says that the snapshot has changed. */
  readonly reduce: ((value: unknown, item: unknown) => unknown) | undefined
  /** Whether the items are all there is; else they change a snapshot. Then the first of a stream finds no value. */
  readonly isWhole?: boolean
  /** The value of a stream that has ended without an item, where that is one. */
  readonly empty?: unknown
}

/** A query function of ours. What makes it live stands on it: options keep it wherever they are spread. */
export interface ReadQuery {
  (context: QueryFunctionContext): Promise<unknown>
  readonly live?: LiveSpec | undefined
}

/** The live part of a query function, if it is one of ours and live. */
export function liveSpecIn(queryFn: unknown): LiveSpec | undefined {
  // Nobody else's functions have it, nor has `skipToken`.
  return (queryFn as Partial<ReadQuery> | undefined)?.live
}
