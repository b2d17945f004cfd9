import type { QueryClient } from '@tanstack/query-core'
import { isServer } from './is-server.ts'
import { followCache } from './live-cache.ts'
import { attached, type LiveCache } from './live-registry.ts'

/**
 * Makes the live queries and the optimistic changes of a cache work: their streams open with their first observer and
 * close with the last. Gives the undo, which ends all of them. Attaching twice is as once, until both are undone. On a
 * server that renders nothing is attached, for nobody observes there.
 */
export function attachLive(client: QueryClient): () => void {
  const cache = prepareLive(client)
  cache?.attachments.add(undo)
  return undo

  function undo(): void {
    if (!cache?.attachments.delete(undo) || cache.attachments.size > 0) return
    attached.delete(client)
    cache.close()
  }
}

/**
 * Follows a cache before anybody has attached it: what suspends reads in its first render, and no effect runs before
 * that. Doing it again changes nothing, and where nothing is rendered in the end, nothing stays open.
 */
export function prepareLive(client: QueryClient): LiveCache | undefined {
  if (isServer()) return
  const cache = attached.get(client) ?? followCache(client)
  attached.set(client, cache)
  return cache
}
