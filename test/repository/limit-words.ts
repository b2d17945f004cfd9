import type { HANDLER_LIMITS } from '../../packages/client/src/client-handlers.ts'
import type { CLIENT_LIMITS } from '../../packages/client/src/client-limits.ts'
import type * as annotation from '../../packages/core/src/codec/annotation.ts'
import type { PROTOCOL_LIMITS } from '../../packages/core/src/protocol/limits.ts'

/** What docs/LIMITS.md says of a limit beside its value, where no bundle of a user should carry the words. */
export interface Words {
  readonly hit: string
  readonly why: string
}

/** Each limit of the code has its words, or this doesn't compile. */
type WordsFor<Limits> = Readonly<Record<keyof Limits, Words>>

export const CLIENT_WORDS = {
  timeoutMs: {
    hit: "The call rejects with `TIMEOUT`, and its handler's `signal` aborts. An accepted stream has no deadline; that of a call with `items` begins anew with each.",
    why: 'Somebody waits for it. Each call may say another time.',
  },
  authTimeoutMs: {
    hit: 'The attempt to connect fails, and the next one comes after a pause.',
    why: 'An `auth` that hangs would hold up every call.',
  },
  connectTimeoutMs: {
    hit: 'The socket is given up, and the next one comes after a pause.',
    why: 'Some networks swallow an upgrade without a word.',
  },
  helloTimeoutMs: {
    hit: 'The socket is given up, and the next one comes after a pause.',
    why: 'More than the server grants itself to authenticate, so that its answer comes first.',
  },
  queueCharacters: {
    hit: 'A further call rejects with `QUEUE_FULL`.',
    why: 'Calls that are made without a connection wait in memory.',
  },
} as const satisfies WordsFor<typeof CLIENT_LIMITS>

export const HANDLER_WORDS = {
  maxCalls: {
    hit: 'A further call of the server gets `TOO_MANY_CALLS`.',
    why: 'The same that a server grants its clients.',
  },
  maxStreams: {
    hit: 'A further subscription of the server gets `TOO_MANY_STREAMS`.',
    why: 'The same that a server grants its clients.',
  },
} as const satisfies WordsFor<typeof HANDLER_LIMITS>

const BAD_FRAME = 'the connection is closed with `BAD_FRAME`, and the session ends.'

export const PROTOCOL_WORDS = {
  frameBytes: {
    hit: 'The WebSocket is closed with 1009, from its header on, before more of it is kept.',
    why: 'A large message on a slow line would look like silence, and proxies have caps of their own.',
  },
  frameCharacters: { hit: 'The sender begins another frame.', why: 'So that a frame stays below `frameBytes`.' },
  messageBytes: {
    hit: `Sent: the value fails its own call with \`TOO_LARGE\`. Received: ${BAD_FRAME}`,
    why: 'It has to be in memory as a whole. What is larger goes as `items`.',
  },
  wholeCharacters: {
    hit: 'The message goes in pieces, where the line was not seen to be quick.',
    why: "Other messages needn't wait behind a large one, of which nothing is heard until its end.",
  },
  wholeBytes: {
    hit: 'The message goes in pieces on any line.',
    why: "Other messages needn't wait behind a large one.",
  },
  pieceCharacters: { hit: 'The sender begins another piece.', why: 'So that a piece always fits into a frame.' },
  jsonDepth: {
    hit: `Received, in text long enough for too many values: ${BAD_FRAME}`,
    why: 'Nesting is the cheapest way to make a reader recurse.',
  },
  clientNodes: {
    hit: `Sent: \`TOO_LARGE\` for its own call. Received: ${BAD_FRAME}`,
    why: 'Reading so many values takes less than 50 ms, in which a server does nothing else.',
  },
  serverNodes: {
    hit: `Sent: \`TOO_LARGE\` for its own call. Received: ${BAD_FRAME}`,
    why: 'A client chose its server, and has only one to read.',
  },
  pieceBytes: { hit: 'The sender begins another piece.', why: 'So that a piece always fits into a frame.' },
  attachments: {
    hit: `Sent: \`TOO_LARGE\` for its own call. Received: ${BAD_FRAME}`,
    why: 'Each costs more than its bytes.',
  },
  greetingBytes: {
    hit: 'The connection is closed with `FLOOD`.',
    why: 'What comes before authentication is kept for somebody whom nobody knows.',
  },
  windowCharacters: {
    hit: 'What is sent waits in the outbox, and streams are pulled no more.',
    why: 'Everything written is kept until it was acknowledged.',
  },
  detachedCharacters: {
    hit: 'A further result becomes `RESULT_DROPPED`; streams wait.',
    why: 'A client that is away takes nothing, and may never come back.',
  },
  firstCredit: {
    hit: 'The source is pulled no more until its reader takes some.',
    why: "One round trip's worth of items, before the reader has said anything.",
  },
  mostCredit: {
    hit: 'The source is pulled no more until its reader takes some.',
    why: "What lies unread is kept at the reader's end.",
  },
  ackMessages: { hit: 'An acknowledgement is sent alone.', why: 'The other end keeps everything until then.' },
  ackCharacters: { hit: 'An acknowledgement is sent alone.', why: 'The other end keeps everything until then.' },
  ackDelayMs: { hit: 'An acknowledgement is sent alone.', why: 'Most ride on what goes out anyway.' },
  durationMs: {
    hit: `Given as an option: it is cut to that. Received: ${BAD_FRAME}`,
    why: 'A longer one overflows a timer, which then fires at once.',
  },
  pathBytes: {
    hit: `In a router, or called: a TypeError. Received: ${BAD_FRAME}`,
    why: 'A name is looked up and logged.',
  },
  eventIdCharacters: {
    hit: `In \`tracked\`: a TypeError. Received: ${BAD_FRAME}`,
    why: 'The client keeps it for each stream, and sends it back.',
  },
} as const satisfies WordsFor<typeof PROTOCOL_LIMITS>

type ValueLimits = Pick<typeof annotation, Extract<keyof typeof annotation, `MAX_${string}`>>

const UNDECODABLE = 'Sent: `NOT_ENCODABLE`. Received in an input: `BAD_INPUT`, and no other call notices.'

export const VALUE_WORDS = {
  MAX_DEPTH: {
    hit: 'Sent: `NOT_ENCODABLE`. Received in an input: `BAD_INPUT`, and no other call notices; `jsonDepth` bounds the whole of a long text.',
    why: 'Objects and arrays around each other; reading them recurses.',
  },
  MAX_ANNOTATIONS: {
    hit: UNDECODABLE,
    why: 'Values other than plain JSON, each of which is made anew when it is read.',
  },
  MAX_NAMES: {
    hit: 'Received in an input: `BAD_INPUT`. We write far fewer.',
    why: 'Names in the paths to those values: a path costs its length.',
  },
  MAX_DIGITS: { hit: UNDECODABLE, why: 'Digits of a BigInt: reading it takes the square of its length.' },
} as const satisfies WordsFor<ValueLimits>
