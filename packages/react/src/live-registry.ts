import type { QueryClient } from '@tanstack/query-core'
import type { LiveCache } from './live-cache.ts'
import { isServer } from './retry.ts'

/** What follows which client: apart from both, so that who has no live query pays nothing for it. */
export const attached = new WeakMap<QueryClient, LiveCache>()

/** What follows a client's cache. */
export function liveCacheOf(client: QueryClient): LiveCache | undefined {
  return attached.get(client)
}

/** @throws TypeError in a page where nothing follows the cache: it would do nothing, and nobody would see why. */
export function needLiveCache(client: QueryClient): LiveCache | undefined {
  const cache = attached.get(client)
  if (cache !== undefined || isServer()) return cache
  throw new TypeError(
    'Live queries, streamed ones and "optimistic" need attachLive(queryClient), or a HotlineProvider above them.',
  )
}
