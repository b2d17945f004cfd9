import { type Subscription, subscriptionStore } from '@hotline/client'
import { hashKey } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { SubscriptionOptions } from './query-types.ts'

/**
 * Follows a stream for as long as the component is there: `useSubscription(hot.tasks.changes.subscriptionOptions())`.
 * Another input closes it and opens another. For a value that several components show, `liveOptions` shares one stream.
 */
export function useSubscription<Item, Err>(options: SubscriptionOptions<Item, Err>): Subscription<Item, Err> {
  // The store refuses what is none.
  const { subscriptionKey, subscribe, enabled = true } = options ?? {}
  // biome-ignore lint/correctness/useExhaustiveDependencies: these tell one stream from another.
  const store = useMemo(() => subscriptionStore<Item, Err>(options), [hashKey(subscriptionKey), enabled, !subscribe])
  useEffect(() => store.update(options))
  return useSyncExternalStore(store.subscribe, store.get, store.get)
}
