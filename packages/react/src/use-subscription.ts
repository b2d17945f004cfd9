import { hashKey } from '@tanstack/react-query'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { SubscriptionOptions } from './query-types.ts'
import { type Subscription, subscriptionStore } from './subscription-store.ts'

/**
 * Follows a stream for as long as the component is there: `useSubscription(hot.tasks.changes.subscriptionOptions())`.
 * Another input closes it and opens another. For a value that several components show, `liveOptions` shares one stream.
 */
export function useSubscription<Item, Err>(options: SubscriptionOptions<Item, Err>): Subscription<Item, Err> {
  const { subscriptionKey, subscribe, enabled = true } = options
  const isEnabled = enabled && subscribe !== undefined
  const id = hashKey(subscriptionKey)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `id` is what tells one stream from another.
  const store = useMemo(() => {
    // A store hands on what comes; the options' types say what that is.
    return subscriptionStore(options as SubscriptionOptions<unknown, unknown>, isEnabled)
  }, [id, isEnabled])
  useEffect(() => store.update(options as SubscriptionOptions<unknown, unknown>))
  return useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot) as Subscription<Item, Err>
}
