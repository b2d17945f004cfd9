import type { QueryClient, QueryKey } from '@tanstack/query-core'
import { isServer } from './is-server.ts'

/** What follows a cache, as query functions need it. */
export interface LiveCache {
  /** The query function of this key begins. Resolves when it may read, or to what items have come to that are all there is. */
  begin(key: QueryKey, signal: AbortSignal): Promise<unknown> | undefined
  /** Ends every stream, and takes back the changes that weren't answered. */
  close(): void
  /** Those who have attached it. */
  readonly attachments: Set<object>
}

/** What follows which client: apart from both, so that who has no live query pays nothing for it. */
export const attached = new WeakMap<QueryClient, LiveCache>()

/** @throws TypeError in a page where nothing follows the cache: it would do nothing, and nobody would see why. */
export function needLiveCache(client: QueryClient): LiveCache | undefined {
  const cache = attached.get(client)
  if (cache || isServer()) return cache
  throw new TypeError('Live queries and "optimistic" need attachLive(queryClient).')
}
