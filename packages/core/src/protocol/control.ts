import { checkField, checkShape, type Shape } from './check.ts'
import { ProtocolError } from './protocol-error.ts'

/** The client's first frame on a connection. */
export interface Hello {
  readonly version: number
  /** What the application's `auth` gave, as plain JSON. */
  readonly auth?: unknown
  /** The client's own random id; it lasts as long as the client object. */
  readonly client: string
  /** 256 random bits, the same for each attempt at one session. */
  readonly nonce: string
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
  /** Which process answered, for balancers. */
  readonly node: string
  /** The deployer's string, else a hash of the router's paths and kinds. */
  readonly contract: string
  /** The server pings after this long without traffic. */
  readonly heartbeatMs: number
  /** How long the server waits for a call of its own that says nothing else. */
  readonly timeoutMs: number
}

/** The server's answer to a `hello` that it doesn't accept; a close follows. */
export interface Refused {
  readonly code: string
  readonly message: string
  /** When it makes sense to come back. */
  readonly retryAfterMs?: number
}

/** The server will close; a client should be elsewhere by then. */
export interface GoAway {
  readonly retryAfterMs?: number
}

/** Frames that begin with a word and carry no number (PROTOCOL.md, "Control frames"). */
export type ControlFrame =
  | readonly [word: 'hello', fields: Hello]
  | readonly [word: 'welcome', fields: Welcome]
  | readonly [word: 'refused', fields: Refused]
  | readonly [word: 'goaway', fields: GoAway]
  | readonly [word: 'ack', received: number]
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
    timeoutMs: 'durationMs',
    'contract?': 'string',
  },
  welcome: {
    version: 'count',
    session: 'string',
    node: 'string',
    contract: 'string',
    heartbeatMs: 'durationMs',
    timeoutMs: 'durationMs',
  },
  refused: { code: 'string', message: 'string', 'retryAfterMs?': 'durationMs' },
  goaway: { 'retryAfterMs?': 'durationMs' },
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
  if (shape === 'received') checkField(owner, 'received', 'count', frame[1])
  else if (shape === 'nothing') checkNothing(owner, frame)
  else checkShape(owner, shape, frame[1])
  // The table above has just proved it.
  return frame as unknown as ControlFrame
}

export function formatControl(frame: ControlFrame): string {
  return JSON.stringify(frame)
}

function checkNothing(owner: string, frame: readonly unknown[]): void {
  if (frame.length > 1) throw new ProtocolError('BAD_FRAME', `${owner} has ${frame.length - 1} fields: expected none.`)
}
