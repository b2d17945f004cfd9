import type { QueryClient } from '@tanstack/query-core'
import { isServer } from './is-server.ts'
import { followCache } from './live-cache.ts'
import { attached, type LiveCache } from './live-registry.ts'

/** Longer than strict mode takes to come back. */
const LINGER_MS = 100

export interface AttachLiveOptions {
  /** How long a stream outlives its last observer: 100 ms, so that who comes back at once finds it still open. */
  readonly lingerMs?: number | undefined
}

/**
 * Makes the live queries and the optimistic changes of a cache work: their streams open with their first observer and
 * close with the last. Gives the undo, which ends all of them. Attaching twice is as once, until both are undone. On a
 * server that renders nothing is attached, for nobody observes there.
 */
export function attachLive(client: QueryClient, { lingerMs }: AttachLiveOptions = {}): () => void {
  if (isServer()) return () => {}
  const { attachments, close } = prepareLive(client, lingerMs)
  attachments.add(undo)
  return undo

  function undo(): void {
    if (!attachments.delete(undo) || attachments.size > 0) return
    attached.delete(client)
    close()
  }
}

/**
 * Follows a cache before anybody has attached it: what suspends reads in its first render, and no effect runs before
 * that. Doing it again changes nothing, and where nothing is rendered in the end, nothing stays open.
 */
export function prepareLive(client: QueryClient, lingerMs = LINGER_MS): LiveCache {
  const cache = attached.get(client) ?? followCache(client, lingerMs)
  attached.set(client, cache)
  return cache
}
