import { PROTOCOL_LIMITS, type Socket, type SocketListener, SUBPROTOCOL } from '@hotline/core/internal'

/** As much of a WebSocket as Hotline uses: that of browsers, of Node 22, and of the `ws` package. */
export interface WebSocketLike {
  binaryType: string
  readonly bufferedAmount: number
  readonly protocol: string
  send(data: string | Uint8Array): void
  close(code?: number, reason?: string): void
  /** `ws` only. */
  terminate?(): void
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
}

/** What only the `ws` package takes, which has no such limits by itself. */
interface WsOptions {
  readonly maxPayload: number
  readonly maxFragments: number
  readonly perMessageDeflate: boolean
}

export type WebSocketClass = new (url: string, protocols: string, options?: WsOptions) => WebSocketLike

/** What a driver hears of a socket that it opened. */
export interface OpenListener extends SocketListener {
  opened(): void
}

/**
 * Begins to open a socket; may throw where that can't even begin. `node` names the process that has the session, where
 * there is one: balancers route by it.
 */
export type OpenSocket = (listener: OpenListener, node: string | undefined) => Socket

/**
 * A dead peer never answers a close: browsers let go by themselves, but ws would keep its process awake for 30 s. Node's own
 * class has nothing that ends a socket at once.
 */
const CLOSE_TIMEOUT_MS = 2_000

/** What a socket closes with that had no close frame (RFC 6455, section 7.4.1). */
export const CLOSED_ABNORMALLY = 1006

/** What a server sends beyond these is refused by its header, before it is kept; compressed messages may unfold to anything. */
const WS_OPTIONS: WsOptions = { maxPayload: PROTOCOL_LIMITS.frameBytes, maxFragments: 64, perMessageDeflate: false }

/** Opens a WebSocket and translates its events. */
export function openWebSocket(WebSocket: WebSocketClass, url: string, listener: OpenListener): Socket {
  const ws = isOfWs(WebSocket) ? new WebSocket(url, SUBPROTOCOL, WS_OPTIONS) : new WebSocket(url, SUBPROTOCOL)
  ws.binaryType = 'arraybuffer'
  /** What is said of a close without a reason: nothing once it has opened. */
  let reasonOfNone = notOpened(url)
  ws.onopen = () => {
    reasonOfNone = ''
    listener.opened()
  }
  ws.onmessage = ({ data }: { readonly data: unknown }) => {
    listener.message(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer))
  }
  let abortTimer: ReturnType<typeof setTimeout> | undefined
  let hasClosed = false
  // React Native's close has neither code nor reason where the socket couldn't open.
  ws.onclose = ({
    code = CLOSED_ABNORMALLY,
    reason = '',
  }: {
    readonly code?: number
    readonly reason?: string
  } = {}) => {
    hasClosed = true
    clearTimeout(abortTimer)
    listener.closed(code, reason || reasonOfNone)
  }
  // Browsers tell nothing here; ws says what the close behind it doesn't, by its code where each of a name's addresses failed.
  ws.onerror = ({
    message,
    error,
  }: {
    readonly message?: string
    readonly error?: { readonly code?: string }
  } = {}) => {
    reasonOfNone &&= notOpened(url, message || error?.code)
  }
  const abort = () => quietly(() => (ws.terminate === undefined ? ws.close() : ws.terminate()))
  return {
    get bufferedBytes() {
      return ws.bufferedAmount
    },
    send: (frame) => ws.send(frame),
    close(code, reason) {
      quietly(() => ws.close(closableCode(code), reason))
      if (ws.terminate !== undefined && !hasClosed) abortTimer ??= setTimeout(abort, CLOSE_TIMEOUT_MS)
    },
    abort,
    pauseReading: () => {},
  }
}

/**
 * Why it didn't is hidden from a page: a server that isn't there, or one that refuses this path or this origin. Applications
 * have secrets in queries, and this goes into logs.
 */
function notOpened(url: string, why?: string): string {
  return `${url.split('?')[0]} did not open${why ? ` (${why})` : ''}: is the server there, and does it let this origin in?`
}

/** Browsers have no way to end a socket at once, and take no options. */
function isOfWs({ prototype }: WebSocketClass): boolean {
  return typeof prototype === 'object' && prototype !== null && 'terminate' in prototype
}

/** Scripts may close with 1000 and 3000-4999 only (the WebSockets standard, "close(code, reason)"). */
function closableCode(code: number): number {
  return code === 1000 || code >= 3000 ? code : 1000
}

/** Ends a socket that nobody waits for any more: what its class throws then would end the program, and tells nothing. */
function quietly(end: () => void): void {
  try {
    end()
  } catch {}
}
