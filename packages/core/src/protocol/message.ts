import { type CheckName, checkField, checkShape, describeType, describeWord, type Shape } from './check.ts'
import { ProtocolError } from './protocol-error.ts'

/** Fields that a call carries beside its input. */
export interface CallFields {
  /** Milliseconds that the caller will still wait; without it, the `timeoutMs` of its `hello` or `welcome`. */
  readonly timeoutMs?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Where a subscription goes on: the id of the last event that the caller received. */
  readonly lastEventId?: string
  readonly idempotencyKey?: string
  /** How often this call was sent before, in sessions that were lost. */
  readonly again?: number
  /** The caller streams items in, once it has credit for them. */
  readonly items?: boolean
  /** Credit for the items of the answer, in place of `firstCredit`: less where older ones haven't been read. */
  readonly credit?: number
  /** The codec's annotations of the input. */
  readonly meta?: unknown
}

/** Fields that a value of a result or an item carries beside it. */
export interface ValueFields {
  readonly meta?: unknown
}

export interface ItemFields extends ValueFields {
  /** The id that a subscription goes on from. */
  readonly eventId?: string
}

export interface PositionFields {
  /** Where the stream would go on. */
  readonly eventId?: string
  /** Items are missing before this point. */
  readonly gap?: boolean
  /** How many of them, where that is known. */
  readonly missed?: number
}

export interface ErrorFields extends ValueFields {
  readonly code: string
  readonly message: string
  readonly data?: unknown
  /** `false` where the handler surely didn't begin. */
  readonly mayHaveRun?: boolean
}

interface PieceFields {
  /** Of the attachments, in order: said with the last piece of a message that has some. */
  readonly lengths?: readonly number[]
}

/** What travels numbered inside frames, once and in order (PROTOCOL.md, "Messages"). A missing value is `undefined`. */
export type Message =
  | readonly [word: 'call', id: number, path: string, input?: unknown, fields?: CallFields]
  | readonly [word: 'cancel', id: number]
  | readonly [word: 'stream', id: number]
  /** `size` is what it takes of the credit of its stream. */
  | readonly [word: 'item', id: number, size: number, value?: unknown, fields?: ItemFields]
  /** Items of this size more may be sent. */
  | readonly [word: 'credit', id: number, size: number]
  /** The caller has no more items. */
  | readonly [word: 'end', id: number]
  /** The procedure wants no more items. */
  | readonly [word: 'stop', id: number]
  /** Where a stream stands, without an item. */
  | readonly [word: 'position', id: number, fields: PositionFields]
  | readonly [word: 'result', id: number, value?: unknown, fields?: ValueFields]
  | readonly [word: 'error', id: number, fields: ErrorFields]
  /** A part of the text of a large message, or of its attachments; the message counts once its last piece is there. */
  | readonly [word: 'piece', text: string, isLast: boolean, fields?: PieceFields]

export type MessageWord = Message[0]

interface MessageShape {
  readonly required: readonly (readonly [field: string, check: CheckName])[]
  /** Whether a value may follow, and behind it an object of these fields. */
  readonly value: boolean
  readonly fields: Shape | undefined
  /** Whether the object may be left out where no value comes before it. */
  readonly mayLackFields?: true
}

const VALUE_FIELDS = { 'meta?': 'any' } as const satisfies Shape

export const MESSAGES = {
  call: {
    required: [
      ['id', 'id'],
      ['path', 'path'],
    ],
    value: true,
    fields: {
      'timeoutMs?': 'durationMs',
      'headers?': 'headers',
      'lastEventId?': 'eventId',
      'idempotencyKey?': 'eventId',
      'again?': 'count',
      'items?': 'boolean',
      'credit?': 'count',
      ...VALUE_FIELDS,
    },
  },
  cancel: { required: [['id', 'id']], value: false, fields: undefined },
  stream: { required: [['id', 'id']], value: false, fields: undefined },
  item: {
    required: [
      ['id', 'id'],
      ['size', 'itemSize'],
    ],
    value: true,
    fields: { 'eventId?': 'eventId', ...VALUE_FIELDS },
  },
  credit: {
    required: [
      ['id', 'id'],
      ['size', 'size'],
    ],
    value: false,
    fields: undefined,
  },
  end: { required: [['id', 'id']], value: false, fields: undefined },
  stop: { required: [['id', 'id']], value: false, fields: undefined },
  position: {
    required: [['id', 'id']],
    value: false,
    fields: { 'eventId?': 'eventId', 'gap?': 'boolean', 'missed?': 'count' },
  },
  result: { required: [['id', 'id']], value: true, fields: VALUE_FIELDS },
  error: {
    required: [['id', 'id']],
    value: false,
    fields: { code: 'string', message: 'string', 'data?': 'any', 'mayHaveRun?': 'boolean', ...VALUE_FIELDS },
  },
  piece: {
    required: [
      ['text', 'string'],
      ['isLast', 'boolean'],
    ],
    value: false,
    fields: { 'lengths?': 'lengths' },
    mayLackFields: true,
  },
} as const satisfies Record<MessageWord, MessageShape>

/** @throws ProtocolError `BAD_FRAME` for anything that isn't a message of the table. */
export function parseMessage(message: unknown): Message {
  if (!Array.isArray(message)) {
    throw new ProtocolError('BAD_FRAME', `A message is ${describeType(message)}: expected an array.`)
  }
  const word: unknown = message[0]
  if (typeof word !== 'string' || !Object.hasOwn(MESSAGES, word)) {
    throw new ProtocolError(
      'BAD_FRAME',
      `A message begins with ${describeWord(word)}: expected one of ${Object.keys(MESSAGES).join(', ')}.`,
    )
  }
  const shape: MessageShape = MESSAGES[word as MessageWord]
  const owner = `Message "${word}"`
  let index = 1
  for (const [field, check] of shape.required) checkField(owner, field, check, message[index++])
  if (shape.value) index++
  const fields: unknown = message[index]
  const needsFields = !shape.value && shape.mayLackFields !== true
  if (shape.fields !== undefined && (needsFields || message.length > index)) checkShape(owner, shape.fields, fields)
  // The table above has just proved it.
  return message as unknown as Message
}
