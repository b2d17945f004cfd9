import type { Query, QueryCacheNotifyEvent, QueryClient, QueryKey } from '@tanstack/query-core'
import { followChanges } from './changes.ts'
import { followQuery, type LiveQuery, specOf } from './live-query.ts'
import type { LiveCache } from './live-registry.ts'

/** Follows one cache: opens and closes the streams of its live queries, and shows its mutations' changes. */
export function followCache(client: QueryClient): LiveCache {
  const cache = client.getQueryCache()
  /** By the very array that is the query's key, which it hands to its query function. */
  const queries = new Map<QueryKey, LiveQuery>()
  const undoChanges = followChanges(client, track)
  const leave = cache.subscribe(hear)
  // Those that were there before.
  cache.getAll().forEach(sync)
  return {
    attachments: new Set(),
    begin: (key, signal) => queries.get(key)?.begin(signal),
    close() {
      leave()
      undoChanges()
      for (const live of queries.values()) live.close()
    },
  }

  function hear(event: QueryCacheNotifyEvent): void {
    const { query, type } = event
    const live = queries.get(query.queryKey)
    if (type === 'removed') {
      live?.close()
      queries.delete(query.queryKey)
    } else if (cache.get(query.queryHash) === query) {
      // A query that was removed may still be observed for a moment.
      if (type === 'updated') live?.hear(event.action)
      sync(query)
    }
  }

  function sync(query: Query): void {
    if (queries.has(query.queryKey) || specOf(query)) track(query).sync()
  }

  function track(query: Query): LiveQuery {
    const live = queries.get(query.queryKey) ?? followQuery(query)
    queries.set(query.queryKey, live)
    return live
  }
}
