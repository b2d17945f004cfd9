import type { QueryFunctionContext } from '@tanstack/query-core'
import { liveCacheOf, needLiveCache } from './live-registry.ts'
import type { LiveSpec, ReadQuery } from './live-spec.ts'

/** Reads the value of a query, or of one page of it, until the signal aborts. */
export type Read = (context: QueryFunctionContext) => Promise<unknown>

/** The query function that reads a snapshot, which the items of a stream change where it is `live`. */
export function readSnapshot(read: Read, live?: LiveSpec): ReadQuery {
  const queryFn = async (context: QueryFunctionContext) => {
    const { client, queryKey, signal } = context
    const cache = live === undefined ? liveCacheOf(client) : needLiveCache(client, 'liveOptions()')
    const query = cache?.find(queryKey)
    if (query === undefined) return read(context)
    await query.begin()
    signal.throwIfAborted()
    return read(context)
  }
  return Object.assign(queryFn, { live })
}

/** The query function of a query whose value is what the items of its stream come to. */
export function readItems(live: LiveSpec): ReadQuery {
  const queryFn = async ({ client, queryKey, signal }: QueryFunctionContext) => {
    const query = needLiveCache(client, 'A query that follows a stream')?.find(queryKey)
    const value = query === undefined ? await firstOf(live, signal) : await query.begin()
    if (value === undefined) throw new Error('The stream ended before its first item, so there is nothing to show.')
    return value
  }
  return Object.assign(queryFn, { live })
}

/** On a server that renders: what the first item comes to. Nobody stays to hear the others. */
async function firstOf({ open, reduce, initial }: LiveSpec, signal: AbortSignal): Promise<unknown> {
  for await (const item of await open(signal)) return reduce === undefined ? item : reduce(initial, item)
  return initial
}
