// The contract: what a developer declares, and what a caller gets.

export type {
  Builder,
  CallOfBuilder,
  ErrorTable,
  Followed,
  ItemOf,
  LiveCallOfBuilder,
  LiveQuery,
  Output,
  ReplyOf,
} from './contract/builder.ts'
export type { Call, CallOptions, Reply, UploadOptions } from './contract/call.ts'
export type { Client } from './contract/client-type.ts'
export type { Declared, Empty, Fresh, Nothing, Pair, TypesOf, Undeclared, With } from './contract/declared.ts'
export type { Definition, Kind, Middleware } from './contract/definition.ts'
export {
  type DataOf,
  ERROR_CODES,
  type ErrorCode,
  type InputIssue,
  type ShownError,
  type StandardErrors,
} from './contract/error-code.ts'
export type { ErrorMaker, ErrorMakers } from './contract/error-makers.ts'
export type { HandlerCall, HandlerConnection, MiddlewareCall, Next } from './contract/handler-call.ts'
export { type Hotline, hotline } from './contract/hotline.ts'
export { type DataAndDetails, type ErrorDetails, HotlineError, isHotlineError } from './contract/hotline-error.ts'
export type { IdempotencyKey, IdempotencyState, IdempotencyStore } from './contract/idempotency-store.ts'
export type {
  DeclaredErrorsOf,
  ErrorsOf,
  ErrorUnion,
  Infer,
  InputOf,
  OutputOf,
  StreamItemOf,
} from './contract/infer.ts'
export type { InvalidatedPath, Invalidation } from './contract/invalidation.ts'
export { isErrorOf } from './contract/is-error-of.ts'
export type { LiveSource, LiveSources, Subscribable } from './contract/live-source.ts'
export { applyUpdate, type LiveUpdate } from './contract/live-update.ts'
export { liveValues } from './contract/live-values.ts'
export type { AnyLazy, AnyProcedure, Lazy, Procedure } from './contract/procedure.ts'
export { mayRetry, retryDelay } from './contract/retry.ts'
export { type Allowed, RESERVED_NAMES, type ReservedName, type Router } from './contract/router.ts'
export { type Settled, safe } from './contract/safe.ts'
export type { Serves } from './contract/serves.ts'
export type { ReadableSource, Source, SourceReader, Stream, StreamObserver } from './contract/stream.ts'
export {
  gap,
  isPosition,
  isTracked,
  type Position,
  type Tracked,
  type Tracker,
  tracked,
  type Untracked,
} from './contract/tracked.ts'

// What can't be asked for its items.

export type { EventIterator, Events } from './source/events.ts'
export {
  type EmitterLike,
  type EventTargetLike,
  type FromEventOptions,
  fromEvent,
} from './source/from-event.ts'
export { type SourceControl, type StartSource, source } from './source/source.ts'
export { type PublishOptions, type SubscribeOptions, type Topic, topic } from './source/topic.ts'
export type { FeedOptions, WhenFull } from './source/when-full.ts'

// What changed in a value.

export type { Change, ChangedRow, Members, NewRows, Piece, Rows, Whole } from './patch/change.ts'

// Values on the wire.

export type { BlobLike, Codec, Encoded } from './codec/codec.ts'
export { type CodecOptions, createCodec } from './codec/create-codec.ts'
export type { CustomType, CustomTypes } from './codec/custom-type.ts'
