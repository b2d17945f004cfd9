export {
  applyUpdate,
  type Call,
  type CallOptions,
  type Client,
  type Codec,
  type CustomType,
  createCodec,
  type ErrorsOf,
  type Events,
  fromEvent,
  gap,
  type Hotline,
  HotlineError,
  hotline,
  type Infer,
  type InputOf,
  isErrorOf,
  isHotlineError,
  isPosition,
  isTracked,
  type LiveSource,
  type LiveUpdate,
  liveValues,
  mayRetry,
  type OutputOf,
  type Position,
  type Reply,
  retryDelay,
  type Settled,
  type Stream,
  type StreamItemOf,
  type StreamObserver,
  safe,
  source,
  type Topic,
  type Tracked,
  topic,
  tracked,
  type WhenFull,
} from '@hotline/core'

// What the declarations of an application's routers and builders name: where core isn't hoisted, they could not be written.

export type {
  Builder,
  Empty,
  Fresh,
  Lazy,
  LiveCallOfBuilder,
  Procedure,
  TypesOf,
  UploadOptions,
  With,
} from '@hotline/core'

export type { SessionStats, StreamStats } from '@hotline/core/internal'
export { type ClientHandlers, clientHandlers } from './client-handlers.ts'
export type { AnyClient, Connection } from './connection.ts'
export type { ConnectionState } from './connection-state.ts'
export { type ConnectionInfo, type ConnectionStore, connectionStore } from './connection-store.ts'
export { connectionOf, createClient } from './create-client.ts'
export { type Following, type FollowObserver, follow } from './follow.ts'
export type { HandlerFailure } from './handler-failure.ts'
export type { ClientOptions } from './options.ts'
export type { Store } from './store.ts'
export {
  type Subscription,
  type SubscriptionSource,
  type SubscriptionState,
  type SubscriptionStatus,
  type SubscriptionStore,
  subscriptionStore,
} from './subscription-store.ts'
export type { WebSocketClass, WebSocketLike } from './web-socket.ts'
