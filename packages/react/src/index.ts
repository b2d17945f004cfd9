'use client'

export {
  createHotlineContext,
  type Hotline,
  type HotlineContext,
  type HotlineProviderProps,
} from './hotline-context.ts'
export type { Subscription, SubscriptionState, SubscriptionStatus } from './subscription-store.ts'
export { type ConnectionInfo, useConnection } from './use-connection.ts'
export { useSubscription } from './use-subscription.ts'
