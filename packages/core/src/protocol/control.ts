import { checkField, checkShape, type Shape } from './check.ts'
import { ProtocolError } from './protocol-error.ts'

/** The client's first frame on a connection. */
export interface Hello {
  readonly version: number
  /** What the application's `auth` gave, as plain JSON. */
  readonly auth?: unknown
  /** The client's own random id; it lasts as long as the client object. */
  readonly client: string
  /** 256 random bits, the same for each attempt at one session: where `welcome` was lost, the next attempt finds it. */
  readonly nonce: string
  /** One higher with each attempt of this client. */
  readonly generation: number
  /** How long the client waits for a call that says nothing else. */
  readonly timeoutMs: number
  /** The `contract` of the first `welcome` that this client got. */
  readonly contract?: string
}

/** The server's answer to an accepted `hello`. */
export interface Welcome {
  readonly version: number
  /** Names the session in logs; it proves nothing. */
  readonly session: string
  /** 256 random bits that the next `resume` presents. */
  readonly secret: string
  /** How long the session waits for a `resume` once its connection is lost. */
  readonly graceMs: number
  /** Messages that the server has received in this session: more than 0 where an earlier `welcome` was lost. */
  readonly received: number
  /** Which process answered, for balancers. */
  readonly node: string
  /** The deployer's string, else a hash of the router's paths and kinds. */
  readonly contract: string
  /** The server pings after this long without traffic. */
  readonly heartbeatMs: number
  /** How long the server waits for a call of its own that says nothing else. */
  readonly timeoutMs: number
  /** When the credentials run out; a `reauth` before that keeps the connection. */
  readonly expiresInMs?: number
}

/** The client's first frame on a connection that shall carry a session it has. */
export interface Resume {
  readonly version: number
  readonly auth?: unknown
  readonly session: string
  /** The newest secret that the client has got. */
  readonly secret: string
  readonly generation: number
  /** Messages that the client has received in this session. */
  readonly received: number
}

/** The server's answer to an accepted `resume`. */
export interface Resumed {
  /** Replaces the secret that was presented, once the client has used it or acknowledged this generation. */
  readonly secret: string
  readonly received: number
  readonly expiresInMs?: number
}

/** The client's newer credentials, on the live connection. */
interface Reauth {
  readonly auth?: unknown
}

/** The server has taken the newer credentials: calls opened from now on are made with them. */
export interface Reauthed {
  readonly expiresInMs?: number
}

/** Why a `resume` is refused. After these the client may say `hello` on the same connection. */
export const RESUME_REFUSALS = {
  SESSION_LOST: 'The session is unknown, has expired, or belongs to somebody else.',
  STATE_MISMATCH: 'The two ends do not agree on what was delivered; the session has ended.',
  STALE: 'A newer attempt of this client has been here.',
} as const satisfies Record<string, string>

export type ResumeRefusal = keyof typeof RESUME_REFUSALS

/** The server's answer to a `hello` or `resume` that it doesn't accept. */
export interface Refused {
  /** A `ResumeRefusal`, else the code of an error; then a close follows. */
  readonly code: string
  readonly message: string
  /** When it makes sense to come back. */
  readonly retryAfterMs?: number
}

/** The server will close; a client should be elsewhere by then. */
export interface GoAway {
  /** When this client should begin to move; each client gets another. */
  readonly delayMs: number
  /** When the server ends what is still here. */
  readonly deadlineMs: number
}

/** Frames that begin with a word and carry no number (PROTOCOL.md, "Control frames"). */
export type ControlFrame =
  | readonly [word: 'hello', fields: Hello]
  | readonly [word: 'welcome', fields: Welcome]
  | readonly [word: 'resume', fields: Resume]
  | readonly [word: 'resumed', fields: Resumed]
  | readonly [word: 'refused', fields: Refused]
  | readonly [word: 'reauth', fields: Reauth]
  | readonly [word: 'reauthed', fields: Reauthed]
  | readonly [word: 'goaway', fields: GoAway]
  /** With a generation it says that the client has the secret of that attempt's answer. */
  | readonly [word: 'ack', received: number, generation?: number]
  | readonly [word: 'ping']
  | readonly [word: 'pong', received: number]
  | readonly [word: 'bye']

export type ControlWord = ControlFrame[0]

/** What stands behind each word: an object of fields, the number of the last message received, or nothing. */
export const CONTROL_FRAMES = {
  hello: {
    version: 'count',
    'auth?': 'any',
    client: 'eventId',
    nonce: 'eventId',
    generation: 'id',
    timeoutMs: 'durationMs',
    'contract?': 'string',
  },
  welcome: {
    version: 'count',
    session: 'eventId',
    secret: 'eventId',
    graceMs: 'durationMs',
    received: 'count',
    node: 'eventId',
    contract: 'eventId',
    heartbeatMs: 'durationMs',
    timeoutMs: 'durationMs',
    'expiresInMs?': 'durationMs',
  },
  resume: {
    version: 'count',
    'auth?': 'any',
    session: 'string',
    secret: 'string',
    generation: 'id',
    received: 'count',
  },
  resumed: { secret: 'eventId', received: 'count', 'expiresInMs?': 'durationMs' },
  reauth: { 'auth?': 'any' },
  reauthed: { 'expiresInMs?': 'durationMs' },
  refused: { code: 'string', message: 'string', 'retryAfterMs?': 'durationMs' },
  goaway: { delayMs: 'durationMs', deadlineMs: 'durationMs' },
  ack: 'received',
  ping: 'nothing',
  pong: 'received',
  bye: 'nothing',
} as const satisfies Record<ControlWord, Shape | 'received' | 'nothing'>

export function isControlWord(word: string): word is ControlWord {
  return Object.hasOwn(CONTROL_FRAMES, word)
}

/** @throws ProtocolError `BAD_FRAME` where the fields don't fit the word. */
export function parseControl(frame: readonly unknown[], word: ControlWord): ControlFrame {
  const shape: Shape | 'received' | 'nothing' = CONTROL_FRAMES[word]
  const owner = `Frame "${word}"`
  if (shape === 'received') checkReceived(owner, frame)
  else if (shape === 'nothing') checkNothing(owner, frame)
  else checkShape(owner, shape, frame[1])
  // The table above has just proved it.
  return frame as unknown as ControlFrame
}

export function formatControl(frame: ControlFrame): string {
  return JSON.stringify(frame)
}

function checkReceived(owner: string, frame: readonly unknown[]): void {
  checkField(owner, 'received', 'count', frame[1])
  if (frame.length > 2) checkField(owner, 'generation', 'id', frame[2])
}

function checkNothing(owner: string, frame: readonly unknown[]): void {
  if (frame.length > 1) throw new ProtocolError('BAD_FRAME', `${owner} has ${frame.length - 1} fields: expected none.`)
}
