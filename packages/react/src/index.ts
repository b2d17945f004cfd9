'use client'

export type { ConnectionInfo } from './connection-view.ts'
export {
  createHotlineContext,
  type Hotline,
  type HotlineContext,
  type HotlineProviderProps,
} from './hotline-context.ts'
export type { SubscriptionState, SubscriptionStatus } from './subscription-store.ts'
export { useConnection } from './use-connection.ts'
export { type Subscription, useSubscription } from './use-subscription.ts'
