import type { Stream } from '@hotline/core'
import type { QueryFunctionContext } from '@tanstack/query-core'

/** How the value of a live query follows its stream. */
export interface LiveSpec {
  /** Tells streams apart: another id is another stream. */
  readonly id: string
  open(signal: AbortSignal): Promise<Stream<unknown, unknown>>
  /** What an item makes of the value. Without it an item only says that the snapshot has changed. */
  readonly reduce: ((value: unknown, item: unknown) => unknown) | undefined
  /** Whether the query reads a snapshot that the items change; else the items are all there is. */
  readonly hasSnapshot: boolean
  /** Where there is no snapshot, what the first item of a stream finds. */
  readonly initial?: unknown
}

/** A query function of ours. What makes it live stands on it: options keep it wherever they are spread. */
export interface ReadQuery {
  (context: QueryFunctionContext): Promise<unknown>
  readonly live?: LiveSpec | undefined
}

/** The live part of a query function, if it is one of ours and live. */
export function liveSpecIn(queryFn: unknown): LiveSpec | undefined {
  // Nobody else's functions have it.
  return typeof queryFn === 'function' ? (queryFn as ReadQuery).live : undefined
}
