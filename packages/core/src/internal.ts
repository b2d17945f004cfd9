// The contract: what the server, the client's proxy and the tests need of it besides the public part.

// Values on the wire.
export { EncodeError } from './codec/encode-error.ts'
export { fromPlainJson, type PlainJson, toPlainJson } from './codec/plain-json.ts'
export { bareCodec, superjsonCodec } from './codec/superjson-codec.ts'
export { clientProxy, type SendCall } from './contract/client-proxy.ts'
export { isErrorCode, isThrowable } from './contract/error-code.ts'
export { type AnyErrorMakers, errorMakers } from './contract/error-makers.ts'
// Running a procedure.
export { type Failure, type FailureContext, toFailure } from './contract/failure.ts'
export { idempotencyScope, isAnonymousScope } from './contract/idempotency-scope.ts'
export {
  type CallConnection,
  type Carried,
  Invocation,
  NOTHING_CARRIED,
  type WatchedStream,
} from './contract/invocation.ts'
export { acceptItem, checkItem, invoke } from './contract/invoke.ts'
export { messageOf } from './contract/message-of.ts'
export { onAbort } from './contract/on-abort.ts'
export { isLazy, isProcedure } from './contract/procedure.ts'
export { Endpoint, ProcedureTable } from './contract/procedure-table.ts'
export { checkRoutes, isReservedName } from './contract/router.ts'
export { isSource, iterate, type SourceIterator } from './contract/source-iterator.ts'
export { toReadableStream } from './contract/to-readable-stream.ts'
export { trackedId } from './contract/tracked.ts'
// What changed in a value.
export { diff } from './patch/diff.ts'
export { Effort } from './patch/effort.ts'
export { isSame } from './patch/is-same.ts'
export { nestingOf } from './patch/nesting.ts'
export { patch } from './patch/patch.ts'
export { weigh } from './patch/weigh.ts'
// Calls.
export type { CallReport } from './peer/answer-writer.ts'
export type { Answering } from './peer/answering.ts'
export { Caller, type CallerOptions } from './peer/caller.ts'
export { checkTimeout } from './peer/check-timeout.ts'
export { HeldFrames } from './peer/held-frames.ts'
export type { IncomingCall } from './peer/incoming-call.ts'
export { IncomingCalls } from './peer/incoming-calls.ts'
export { Inflow } from './peer/inflow.ts'
export { isolate } from './peer/isolate.ts'
export { ItemReader } from './peer/item-reader.ts'
export { NoProcedures } from './peer/no-procedures.ts'
export { Observers } from './peer/observers.ts'
export { Outflow } from './peer/outflow.ts'
export type { OutgoingCall } from './peer/outgoing-call.ts'
export type { Outlet } from './peer/outlet.ts'
export type { Peer } from './peer/peer.ts'
export { Responder } from './peer/responder.ts'
export type { ResponderOptions } from './peer/responder-options.ts'
export { RunOnce, type RunOnceOptions } from './peer/run-once.ts'
export { Session } from './peer/session.ts'
export type { SessionHooks, SessionOptions } from './peer/session-options.ts'
export { type SessionStats, sessionStats } from './peer/session-stats.ts'
export { StreamReader } from './peer/stream-reader.ts'
export type { StreamStats } from './peer/stream-stats.ts'
export { Upload } from './peer/upload.ts'
export { bareWithinLimits, withinLimits } from './peer/within-limits.ts'
export { type BinaryFrame, formatBinaryFrame, readFrame } from './protocol/binary-frame.ts'
// The protocol.
export type { CheckName, Shape } from './protocol/check.ts'
export { CLOSE_CODES, type CloseName, closeReason, mayReconnect, SHARED_CLOSE_CODES } from './protocol/close-code.ts'
export {
  CONTROL_FRAMES,
  type ControlFrame,
  type ControlWord,
  formatControl,
  type GoAway,
  type Hello,
  RESUME_REFUSALS,
  type Reauthed,
  type Refused,
  type Resume,
  type Resumed,
  type ResumeRefusal,
  type Welcome,
} from './protocol/control.ts'
export { type Frame, isDataFrame, isSessionFrame, parseFrame, type SessionFrame } from './protocol/frame.ts'
export { PROTOCOL_LIMITS } from './protocol/limits.ts'
export { MESSAGES, type MessageWord, parseMessage } from './protocol/message.ts'
export { ATTACHMENT_HEAD_BYTES, Attached, type Packed, pack, textOf, Unpacked } from './protocol/packed.ts'
export { CLIENT_JSON, parseJson, SERVER_JSON } from './protocol/parse-json.ts'
export { printable, printableLines } from './protocol/printable.ts'
export { ProtocolError } from './protocol/protocol-error.ts'
export { utf8Bytes } from './protocol/utf8.ts'
export { PROTOCOL_VERSION, SUBPROTOCOL } from './protocol/version.ts'
// Sessions and connections. What only the simulator names is broken there on purpose.
export { AlarmHeap } from './session/alarm-heap.ts'
export { AlarmList } from './session/alarm-list.ts'
export { Alarms, type Sleeper } from './session/alarms.ts'
export { BACKOFF, type BackoffOptions, backoff } from './session/backoff.ts'
export {
  type ClientAction,
  type ClientEvent,
  type ClientTimeouts,
  stepClient,
} from './session/client-connection.ts'
export { type ClientState, clientDeadline } from './session/client-state.ts'
export { Delivery } from './session/delivery.ts'
export type { Environment } from './session/environment.ts'
export { type FloodRates, Floods } from './session/floods.ts'
export { Heap } from './session/heap.ts'
export { ENTRY_CHARACTERS, Holdings, type Ledger } from './session/holdings.ts'
export { LIVENESS, type LivenessOptions } from './session/liveness.ts'
export { Outbox } from './session/outbox.ts'
export { Queue } from './session/queue.ts'
export { Ring } from './session/ring.ts'
export {
  type Greeting,
  type ServerAction,
  type ServerEvent,
  type ServerState,
  type ServerTimeouts,
  serverDeadline,
  startServer,
  stepServer,
} from './session/server-connection.ts'
export type { Socket, SocketListener } from './session/socket.ts'
export { type Rate, TokenBucket } from './session/token-bucket.ts'
