import type { QueryFunctionContext } from '@tanstack/query-core'
import { liveCacheOf, needLiveCache } from './live-registry.ts'
import type { LiveSpec, ReadQuery } from './live-spec.ts'

/** Reads the value of a query, or of one page of it, until the signal aborts. */
export type Read = (context: QueryFunctionContext) => Promise<unknown>

/** The query function that reads a snapshot, which the items of a stream change where it is `live`. */
export function readSnapshot(read: Read, live?: LiveSpec): ReadQuery {
  const queryFn: Read = async (context) => {
    const { client, queryKey, signal } = context
    const cache = live === undefined ? liveCacheOf(client) : needLiveCache(client)
    await cache?.find(queryKey)?.begin()
    signal.throwIfAborted()
    return read(context)
  }
  return Object.assign(queryFn, { live })
}

/** The query function of a query whose value is what the items of its stream come to. */
export function readItems(
  open: LiveSpec['open'],
  reduce: NonNullable<LiveSpec['reduce']>,
  initial?: unknown,
): ReadQuery {
  const queryFn: Read = async ({ client, queryKey, signal }) => {
    const query = needLiveCache(client)?.find(queryKey)
    const value = await (query === undefined ? firstValue(signal) : query.begin())
    if (value === undefined) throw new Error('The stream ended before its first item, so there is nothing to show.')
    return value
  }
  /** On a server that renders: what the first item comes to. Nobody stays to hear the others. */
  const firstValue = async (signal: AbortSignal) => {
    for await (const item of await open(signal)) return reduce(initial, item)
    return initial
  }
  return Object.assign(queryFn, { live: { id: 'items', open, reduce, hasSnapshot: false, initial } })
}
