import type { QueryClient } from '@tanstack/query-core'
import type { LiveCache } from './live-cache.ts'
import { isServer } from './retry.ts'

/** What follows a cache; `count` is how many attached it. */
export interface Attached {
  readonly cache: LiveCache
  count: number
}

/** Kept beside the clients, which know nothing of it, and apart from what follows them: who has no live query pays nothing for it. */
export const attached = new WeakMap<QueryClient, Attached>()

/** What follows a client's cache. */
export function liveCacheOf(client: QueryClient): LiveCache | undefined {
  return attached.get(client)?.cache
}

/** @throws TypeError in a page where nothing follows the cache: `what` would do nothing, and nobody would see why. */
export function needLiveCache(client: QueryClient, what: string): LiveCache | undefined {
  const cache = liveCacheOf(client)
  if (cache !== undefined || isServer()) return cache
  throw new TypeError(`${what} needs attachLive(queryClient), or a HotlineProvider above it.`)
}
