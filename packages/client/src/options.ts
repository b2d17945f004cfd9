import type { Codec } from '@hotline/core'
import {
  BACKOFF,
  bareCodec,
  bareWithinLimits,
  type CallerOptions,
  CLIENT_JSON,
  type ClientTimeouts,
  checkTimeout,
  type Environment,
  LIVENESS,
  type LivenessOptions,
} from '@hotline/core/internal'
import { checkOptions } from './check-options.ts'
import { checkSecure } from './check-secure.ts'
import { clientEnvironment } from './client-environment.ts'
import type { ClientHandlers } from './client-handlers.ts'
import { CLIENT_LIMITS } from './client-limits.ts'
import type { HandlerFailure } from './handler-failure.ts'
import { resolveUrl, urlOfNode } from './resolve-url.ts'
import { type OpenSocket, openWebSocket, type WebSocketClass } from './web-socket.ts'

export interface ClientOptions {
  /** `wss://app.example/rpc`; in a browser also relative to the page: `/rpc`. `ws://` leads to this machine only. */
  readonly url: string
  /** Lets `url` be `ws://` to another machine: whoever is on the way reads and changes everything, credentials too. */
  readonly allowInsecure?: boolean | undefined
  /**
   * Gives what the server's `authenticate` gets as `auth`: plain JSON. Asked before each connection, so a fresh token is
   * a matter of giving it here, and asked again before the credentials run out. It has 10 s; where it fails, the client
   * tries again later.
   */
  readonly auth?: (() => unknown) | undefined
  /** Where there is no global one, as in Node 20: `import { WebSocket } from 'ws'`. */
  readonly WebSocket?: WebSocketClass | undefined
  /** How long calls wait that say nothing else: 30 s. */
  readonly timeoutMs?: number | undefined
  /** How values travel; the server must use the same one. superjson's format without one. */
  readonly codec?: Codec | undefined
  /**
   * Procedures that the server may call, as `call.client` of its handlers: `clientHandlers(router)`. It reaches them while
   * there is a connection, so a client that waits to be called says `connectionOf(client).connect()`.
   */
  readonly handlers?: ClientHandlers | undefined
  /** Called for each failure of a handler that the server sees only as `INTERNAL`. Without it they go to the console. */
  readonly onError?: ((failure: HandlerFailure) => void) | undefined
  /** The server's API is another than at the first connection: time to offer a reload. */
  readonly onContractChanged?: ((contract: string) => void) | undefined
}

/** The options once resolved: nothing behind this asks for defaults. */
export interface Settings {
  /** `undefined` where only cookies tell who the client is: those come with a new connection. */
  readonly auth: (() => unknown) | undefined
  readonly onContractChanged: (contract: string) => void
  readonly caller: CallerOptions
  /** The application's own, if it has one. */
  readonly codec: Codec | undefined
  /** What the server may call. */
  readonly handlers: ClientHandlers | undefined
  readonly onError: ((failure: HandlerFailure) => void) | undefined
  readonly timeouts: ClientTimeouts
  readonly liveness: LivenessOptions
  readonly environment: Environment
  readonly openSocket: OpenSocket
}

const TIMEOUTS: ClientTimeouts = { ...CLIENT_LIMITS, backoff: BACKOFF }

/** The server asks when it is idle; a client asks only when the server should have, and didn't. */
const CLIENT_LIVENESS: LivenessOptions = { ...LIVENESS, heartbeatMs: 40_000, heartbeatSpreadMs: 0 }

/**
 * @throws TypeError for a URL, a duration or anything else that can't be one, a URL that leads elsewhere unencrypted, or where there is no
 * WebSocket.
 */
export function resolveOptions(options: ClientOptions): Settings {
  checkOptions(options)
  const page = pageUrl()
  const url = resolveUrl(options.url, page)
  if (options.allowInsecure !== true) checkSecure(url, page)
  const WebSocket = options.WebSocket ?? globalWebSocket()
  return settings(
    options,
    (listener, node) => openWebSocket(WebSocket, urlOfNode(url, node), listener),
    clientEnvironment(),
  )
}

/** The same with another world below: for tests and the simulator. */
export function settings(
  options: Omit<ClientOptions, 'url' | 'allowInsecure' | 'WebSocket'>,
  openSocket: OpenSocket,
  environment: Environment,
): Settings {
  return {
    auth: options.auth,
    onContractChanged: options.onContractChanged ?? (() => {}),
    caller: {
      codec: bareWithinLimits(options.codec ?? bareCodec, CLIENT_JSON),
      firstId: 1,
      timeoutMs: checkTimeout(options.timeoutMs ?? CLIENT_LIMITS.timeoutMs),
      queueCharacters: CLIENT_LIMITS.queueCharacters,
    },
    codec: options.codec ?? undefined,
    handlers: options.handlers ?? undefined,
    onError: options.onError ?? undefined,
    timeouts: TIMEOUTS,
    liveness: CLIENT_LIVENESS,
    environment,
    openSocket,
  }
}

function pageUrl(): string | undefined {
  return (globalThis as { location?: { href: string } }).location?.href
}

function globalWebSocket(): WebSocketClass {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketClass }
  if (WebSocket !== undefined) return WebSocket
  throw new TypeError(
    'There is no WebSocket here: hand one over, as in createClient({ url, WebSocket }) with the one of "ws".',
  )
}
