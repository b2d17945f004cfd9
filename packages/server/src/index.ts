export {
  applyUpdate,
  type CallOptions,
  type Client,
  type Codec,
  type CustomType,
  createCodec,
  type Events,
  fromEvent,
  gap,
  type Hotline,
  HotlineError,
  hotline,
  type IdempotencyKey,
  type IdempotencyState,
  type IdempotencyStore,
  type Infer,
  type InputOf,
  type InvalidatedPath,
  type Invalidation,
  isErrorOf,
  isHotlineError,
  isPosition,
  isTracked,
  type LiveSource,
  type LiveUpdate,
  liveValues,
  type OutputOf,
  type Position,
  type Procedure,
  type Reply,
  type Router,
  type Serves,
  type Settled,
  type Stream,
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
  TypesOf,
  UploadOptions,
  With,
} from '@hotline/core'

export { type AttachTarget, attach } from './attach.ts'
export type { ConnectedClient } from './connected-client.ts'
export type { Connections } from './connections.ts'
export { type CreateCallerOptions, createCaller } from './create-caller.ts'
export type { DrainOptions } from './drain.ts'
export type { GateRefusalName } from './gate/gate-refusals.ts'
export type { GateStats } from './gate/gate-stats.ts'
export { type MemoryIdempotencyOptions, memoryIdempotencyStore } from './idempotency/memory-idempotency-store.ts'
export type { Invalidated } from './invalidation/invalidation.ts'
export {
  type FollowCall,
  type Invalidate,
  type InvalidationCall,
  type Invalidations,
  type InvalidationsOptions,
  invalidations,
} from './invalidation/invalidations.ts'
export type { Logger } from './logger.ts'
export type {
  AuthenticateCall,
  Authenticated,
  CommonOptions,
  ServerFailure,
  ServerOptions,
} from './options.ts'
export { type RecheckedCall, type RecheckOptions, recheck } from './recheck.ts'
export { type ServeTarget, serve } from './serve.ts'
export type { Server } from './server.ts'
export type { ServerLimits } from './server-limits.ts'
export type { ServerStats } from './server-stats.ts'
