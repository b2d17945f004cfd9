/** What the protocol itself bounds, the same for every implementation (PROTOCOL.md, "Limits"). Not options. */
export const PROTOCOL_LIMITS = {
  /** Bytes of one WebSocket message. */
  frameBytes: 128 * 1024,
  /** Characters that a sender puts into a frame before it starts the next, at most three bytes each, and attachments' bytes: so below `frameBytes`. */
  frameCharacters: 40_000,
  /** Bytes of one message with its attachments, put together from its pieces. */
  messageBytes: 1024 * 1024,
  /** Characters, and attachments' bytes, of a message that goes as it is on any line; a larger one goes in pieces, which give way to other messages. */
  wholeCharacters: 32 * 1024,
  /** Bytes of a message, with its attachments and their heads, that goes as it is on a line that was seen to be quick. */
  wholeBytes: 96 * 1024,
  /** Characters of a piece. In JSON each may take six, so a piece always fits into a frame. */
  pieceCharacters: 16 * 1024,
  /** Brackets around each other in a long JSON text: values nest 64 deep, their annotations twice that, and a frame lies around. */
  jsonDepth: 160,
  /** Values and keys in text that a server reads, counted as commas, colons and opening brackets; so many hold nobody up. */
  clientNodes: 50_000,
  /** The same in text that a client reads: it chose its server. */
  serverNodes: 500_000,
  /** Bytes of attachments in a piece. */
  pieceBytes: 32 * 1024,
  /** Attachments of one message. */
  attachments: 10_000,
  /** Bytes that a client may send behind `hello` before `welcome`, `hello` included. */
  greetingBytes: 8 * 1024,
  /** Characters and attachments' bytes written and not yet acknowledged, at most; more waits in the outbox. */
  windowCharacters: 512 * 1024,
  /** Characters held for a session without a connection; a further result becomes `RESULT_DROPPED`. */
  detachedCharacters: 2 * 1024 * 1024,
  /** Size of the items that an answer may send before any credit has come for it. */
  firstCredit: 32 * 1024,
  /** Credit that a reader has out for one stream, at most; one item may go beyond it. */
  mostCredit: 256 * 1024,
  /** An acknowledgement that nothing carries goes alone after this many messages, characters or milliseconds. */
  ackMessages: 256,
  ackCharacters: 64 * 1024,
  ackDelayMs: 1_000,
  /** The longest duration that a field and a timer can hold, 24.8 days: longer ones overflow in `setTimeout` and fire at once. */
  durationMs: 2_147_483_647,
  /** Bytes of a procedure's path. */
  pathBytes: 256,
  /** Characters of an event id. */
  eventIdCharacters: 256,
} as const
