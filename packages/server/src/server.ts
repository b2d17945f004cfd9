import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { PROTOCOL_LIMITS, SUBPROTOCOL } from '@hotline/core/internal'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import type { ConnectionPool } from './connection-pool.ts'
import type { Connections } from './connections.ts'
import type { DrainOptions } from './drain.ts'
import { checkHandshake, type HandshakeRefusal, isForPath } from './handshake.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import type { ServerStats } from './server-stats.ts'
import { listenToWs, wsSocket } from './ws-socket.ts'

/** A running Hotline server. `Context` is what `authenticate` gives. */
export interface Server<Context = unknown> extends AsyncDisposable {
  /** Connections that are open or opening. */
  readonly size: number
  /** The port that `serve` listens on; `undefined` for `attach`. */
  readonly port: number | undefined
  /** Its clients, to call them from outside a handler: `server.connections.of<ClientApi>(principal)`. */
  readonly connections: Connections<Context>
  /** What this server keeps at the moment: for tests, for metrics, and for looking into what is slow. */
  stats(): ServerStats
  /**
   * Ends every connection and session of a principal at once: its handlers' signals abort, and nothing more reaches it.
   * Whether it may come back is for `authenticate` to say.
   */
  revoke(principal: string): void
  /**
   * Goes away without losing anything: asks each client to move to another server, lets calls finish here, then closes.
   * What outlasts the deadline ends by name. For SIGTERM.
   * @throws TypeError for a window that outlasts the deadline.
   */
  drain(options?: DrainOptions): Promise<void>
  /** Ends every connection and stops accepting; closing twice is fine. An HTTP server of your own goes on. */
  close(): Promise<void>
}

/** A client that doesn't answer the closing handshake within this time is cut off. */
const CLOSE_TIMEOUT_MS = 2_000

/** `closeTimeout` is missing in the types of ws. */
const SOCKET_OPTIONS: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  clientTracking: true,
  perMessageDeflate: false,
  maxPayload: PROTOCOL_LIMITS.frameBytes,
  closeTimeout: CLOSE_TIMEOUT_MS,
  handleProtocols: () => SUBPROTOCOL,
}

/**
 * Answers the upgrades of an HTTP server that are for `path`, and leaves the others to their listeners. Gives its undo,
 * which resolves when every socket is closed.
 */
export function listenForUpgrades(
  http: HttpServer | HttpsServer,
  path: string,
  pool: ConnectionPool,
): () => Promise<void> {
  const sockets = new WebSocketServer(SOCKET_OPTIONS)
  const refusedOrigins = new Set<string>()
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isForPath(request, path)) return
    const refusal = checkHandshake(request, pool.settings.origins)
    if (refusal !== undefined) {
      logOriginOnce(refusal, refusedOrigins, pool)
      return refuseUpgrade(socket, refusal)
    }
    sockets.handleUpgrade(request, socket, head, (ws) => welcome(ws, request, pool))
  }
  http.on('upgrade', onUpgrade)
  return async () => {
    http.off('upgrade', onUpgrade)
    pool.closeAll()
    await allClosed(sockets)
  }
}

async function allClosed(sockets: WebSocketServer): Promise<void> {
  const timer = setTimeout(() => {
    for (const ws of sockets.clients) ws.terminate()
  }, CLOSE_TIMEOUT_MS)
  await Promise.all([...sockets.clients].map((ws) => new Promise((resolve) => ws.once('close', resolve))))
  clearTimeout(timer)
}

function welcome(ws: WebSocket, request: IncomingMessage, pool: ConnectionPool): void {
  listenToWs(ws, pool.accept(wsSocket(ws), request))
}

/** Browsers hide why an upgrade failed, so the log has the line to add: once for each origin, and not for ever. */
function logOriginOnce({ origin }: HandshakeRefusal, seen: Set<string>, pool: ConnectionPool): void {
  if (origin === undefined || seen.has(origin) || seen.size >= MAX_LOGGED_ORIGINS) return
  seen.add(origin)
  pool.settings.logger.warn(
    { origin },
    `refused a page from another origin; to let it in: origins: [${JSON.stringify(origin)}]`,
  )
}

const MAX_LOGGED_ORIGINS = 100
