/** One limit: its default, what happens to whom passes it, and why it is there. */
interface LimitRow {
  readonly value: number
  /** What happens when it is hit. */
  readonly hit: string
  readonly why: string
}

/** What a stranger meets. Durations in milliseconds, sizes in characters of text and bytes of attachments. */
export interface ServerLimits {
  /** An upgrade request whose headers aren't whole by then is dropped. For `serve`; your own HTTP server has its own. */
  readonly headersTimeoutMs: number
  /** Sockets that are open at once; more get 503 instead of an upgrade. */
  readonly maxConnections: number
  /** The same from one address; more get 429. */
  readonly maxConnectionsPerAddress: number
  /** Upgrades from one address; more get 429. */
  readonly upgradesPerSecond: number
  /** So many at once, after a pause. */
  readonly upgradesBurst: number
  /** Open sockets that nobody has vouched for yet; more get 503 instead of an upgrade. */
  readonly maxUnauthenticated: number
  /** The same from one address; more get 429. */
  readonly maxUnauthenticatedPerAddress: number
  /** Resumes that found no session of theirs, of one principal, or from one address where there is none; more are closed unseen. */
  readonly failedResumesPerMinute: number
  /** A WebSocket message that was begun and isn't whole by then ends its connection. */
  readonly messageTimeoutMs: number
  /** A connection that hasn't said hello by then is closed. */
  readonly helloTimeoutMs: number
  /** `authenticate` has this long; then the connection is closed and may come back. */
  readonly authenticateTimeoutMs: number
  /** How long a session waits for its client to come back. 0: a lost connection is a lost session. */
  readonly graceMs: number
  /** Sessions without a connection that one principal may have; the oldest ends. Where many clients share a principal: as many as they are. */
  readonly maxDetachedPerPrincipal: number
  /** Characters held for all sessions without a connection; the oldest ends. */
  readonly maxDetachedCharacters: number
  /** Calls running at once on one connection; more get `TOO_MANY_CALLS`. Cancelled ones count until their handler ends. */
  readonly maxCalls: number
  /** Subscriptions open at once on one connection; more get `TOO_MANY_STREAMS`. */
  readonly maxStreams: number
  /** Subscriptions opened, and other calls cancelled while they run, per second and session. */
  readonly opensPerSecond: number
  /** So many of them at once. */
  readonly opensBurst: number
  /** Frames that carry nothing, per second and session. */
  readonly controlPerSecond: number
  /** So many of them at once. */
  readonly controlBurst: number
  /** Characters and bytes held for and from all clients together. */
  readonly maxHeldCharacters: number
  /** How long the server waits for calls of its own. */
  readonly callTimeoutMs: number
  /** Characters that wait to be sent to one client; with more, a further call of it gets `QUEUE_FULL`. */
  readonly maxQueuedCharacters: number
}

/** The limits of a server by their options: docs/LIMITS.md is made from this table. */
export const SERVER_LIMIT_ROWS = {
  headersTimeoutMs: {
    value: 10_000,
    hit: 'The TCP connection is closed. Of `serve` only: `attach` warns of a server that waits longer than 15 s.',
    why: 'A request that comes byte by byte holds a socket, and is nobody yet.',
  },
  maxConnections: {
    value: Number.POSITIVE_INFINITY,
    hit: 'An upgrade is answered with 503; clients come back by themselves.',
    why: 'A process serves better those whom it can. How many that is depends on what they do: measure.',
  },
  maxConnectionsPerAddress: {
    value: 1_000,
    hit: 'An upgrade from there is answered with 429.',
    why: 'One program in a loop would take every place. An office behind one address still has room.',
  },
  upgradesPerSecond: {
    value: 50,
    hit: 'An upgrade from there is answered with 429 and `Retry-After`.',
    why: 'Opening costs the server more than it costs who opens.',
  },
  upgradesBurst: {
    value: 200,
    hit: 'An upgrade from there is answered with 429 and `Retry-After`.',
    why: 'After a cut many come back from one address at once, and may.',
  },
  maxUnauthenticated: {
    value: 1_000,
    hit: 'An upgrade is answered with 503; clients come back by themselves. Of as many connections that have sent no request yet (`serve` only), the one that has waited longest is closed.',
    why: 'Those who say nothing must not keep others out for longer than a greeting may take.',
  },
  maxUnauthenticatedPerAddress: {
    value: 64,
    hit: 'An upgrade from there is answered with 429, and so is a further connection beside as many that have sent no request yet (`serve` only).',
    why: 'So one address alone never fills the row above.',
  },
  failedResumesPerMinute: {
    value: 1_000,
    hit: 'A further resume of this principal, or from this address where there is none, is closed with `FLOOD` before anybody looks for its session.',
    why: 'Who guesses secrets gets nowhere, and shall cost little. But when their process is gone, all clients of an office resume in vain, each once.',
  },
  messageTimeoutMs: {
    value: 30_000,
    hit: 'The connection is closed with `SILENT`; its session may be resumed.',
    why: 'What has come of an unfinished message is kept until its end comes.',
  },
  helloTimeoutMs: {
    value: 5_000,
    hit: 'The connection is closed with `HELLO_TIMEOUT`.',
    why: 'A socket that says nothing costs memory, and nobody has vouched for it.',
  },
  authenticateTimeoutMs: {
    value: 10_000,
    hit: 'The connection is closed with `AUTH_TIMEOUT`.',
    why: 'A check that hangs, at a database or an identity provider, would keep strangers in the anteroom.',
  },
  graceMs: {
    value: 120_000,
    hit: 'A session without a connection ends; a `resume` gets `SESSION_LOST`.',
    why: 'What is kept for a client that never comes back has to end.',
  },
  maxDetachedPerPrincipal: {
    value: 8,
    hit: 'The oldest session of this principal that has no connection ends, and the log says so once for each principal.',
    why: 'One user who connects and leaves over and over would pile up sessions. Where many clients share a principal, as those of a service do, a cut that hits all of them ends the others: give as many as there are clients.',
  },
  maxDetachedCharacters: {
    value: 64 * 1024 * 1024,
    hit: 'The oldest session that has no connection ends.',
    why: 'What all absent clients are owed must fit into memory. A session by itself counts for 3.5 KiB, so 18,000 idle ones fit.',
  },
  maxCalls: {
    value: 256,
    hit: 'A further call gets `TOO_MANY_CALLS`. Cancelled calls count until their last word.',
    why: 'A handler costs more than the message that starts it, also when its caller has lost interest.',
  },
  maxStreams: {
    value: 128,
    hit: 'A further subscription gets `TOO_MANY_STREAMS`.',
    why: 'Each holds a source, a buffer and a place in every publication.',
  },
  opensPerSecond: {
    value: 200,
    hit: 'A further subscription gets `TOO_MANY_REQUESTS` with `retryAfterMs`. Who goes on is closed with `FLOOD`: see `opensBurst`.',
    why: 'Opening and cancelling at once makes a handler begin and stop for a few bytes. Completed calls do not count.',
  },
  opensBurst: {
    value: 400,
    hit: 'As `opensPerSecond`. When as many again were refused, or cancelled beyond it, the connection is closed with `FLOOD`.',
    why: 'A page that is left cancels all its calls and opens the streams of the next at once: 256 and 128 at most.',
  },
  controlPerSecond: {
    value: 50,
    hit: 'The connection is closed with `FLOOD`: see `controlBurst`.',
    why: 'A ping, an acknowledgement of nothing new, known messages again, credit that no item earned: each costs a turn, and the sender nothing.',
  },
  controlBurst: {
    value: 200,
    hit: 'As `controlPerSecond`.',
    why: 'Honest ends send a few a minute, and some in a row after a cut.',
  },
  maxHeldCharacters: {
    value: 512 * 1024 * 1024,
    hit: 'Sessions without a connection end, the oldest first; then the one that holds most ends with `SLOW_CONSUMER`. From nine tenths on a new session is refused with `BUSY`.',
    why: 'Each client is bounded by itself, but many together could fill the memory of the process.',
  },
  callTimeoutMs: {
    value: 30_000,
    hit: "The server's own call of a client ends with `TIMEOUT`.",
    why: 'A client that never answers would keep the handler that asked it.',
  },
  maxQueuedCharacters: {
    value: 4 * 1024 * 1024,
    hit: 'A further call of the server to this client gets `QUEUE_FULL`.',
    why: 'Calls to a client that takes nothing would wait in memory.',
  },
} as const satisfies Readonly<Record<keyof ServerLimits, LimitRow>>

export const SERVER_LIMITS = Object.fromEntries(
  Object.entries(SERVER_LIMIT_ROWS).map(([name, { value }]) => [name, value]),
) as Record<keyof ServerLimits, number> satisfies ServerLimits // the rows have every name of it: see above
