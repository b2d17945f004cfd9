'use client'

export type { ConnectionInfo, Subscription, SubscriptionState, SubscriptionStatus } from '@hotline/client'
export {
  createHotlineContext,
  type Hotline,
  type HotlineContext,
  type HotlineProviderProps,
} from './hotline-context.ts'
export { useConnection } from './use-connection.ts'
export { useSubscription } from './use-subscription.ts'
