export {
  type Call,
  type CallOptions,
  type Client,
  type Codec,
  type CustomType,
  createCodec,
  type ErrorsOf,
  gap,
  type Hotline,
  HotlineError,
  hotline,
  type Infer,
  type InputOf,
  isErrorOf,
  isHotlineError,
  type OutputOf,
  type Reply,
  type Settled,
  type Stream,
  type StreamItemOf,
  type StreamObserver,
  safe,
  type Tracked,
  tracked,
} from '@hotline/core'
export type { SessionStats, StreamStats } from '@hotline/core/internal'
export type { Connection } from './connection.ts'
export type { ConnectionState } from './connection-state.ts'
export { connectionOf, createClient } from './create-client.ts'
export type { HandlerFailure } from './handler-failure.ts'
export type { ClientOptions } from './options.ts'
export type { WebSocketClass, WebSocketLike } from './web-socket.ts'
