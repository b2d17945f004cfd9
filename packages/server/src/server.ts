import type { Server as HttpServer, IncomingMessage } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { PROTOCOL_LIMITS, type Socket, SUBPROTOCOL } from '@hotline/core/internal'
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws'
import type { ConnectionPool } from './connection-pool.ts'
import type { Connections } from './connections.ts'
import type { DrainOptions } from './drain.ts'
import type { GateRefusal } from './gate/gate.ts'
import { GATE_REFUSALS } from './gate/gate-refusals.ts'
import { GreetingBudget } from './gate/greeting-budget.ts'
import { UnfinishedMessages } from './gate/unfinished-messages.ts'
import type { Visit } from './gate/visit.ts'
import { isForPath } from './handshake.ts'
import { InTurn } from './in-turn.ts'
import type { Logger } from './logger.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import type { ServerStats } from './server-stats.ts'
import { listenToWs, WsSocket } from './ws-socket.ts'

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
   * Ends every connection and session of a principal at once: its handlers' signals abort, no other one begins, and nothing
   * more reaches it. Whether it may come back is for `authenticate` to say, when it is asked anew: an answer of before, or
   * of this moment, lets nobody in.
   */
  revoke(principal: string): void
  /**
   * Asks now of every stream of a principal that has a `recheck` whether it may go on: for when its rights have changed.
   * Those that may not end by name; calls and other streams are left alone.
   */
  recheck(principal: string): void
  /**
   * Goes away without losing anything: asks each client to move to another server, lets calls finish here, then closes.
   * What outlasts the deadline ends by name. For SIGTERM.
   * Asked again meanwhile it waits for the same end; `close()` doesn't.
   * @throws TypeError for what is no duration, and for a window that outlasts the deadline.
   */
  drain(options?: DrainOptions): Promise<void>
  /** Ends every connection and stops accepting; closing twice is fine. An HTTP server of your own goes on. */
  close(): Promise<void>
}

/** A client that doesn't answer the closing handshake within this time is cut off. */
const CLOSE_TIMEOUT_MS = 2_000

/** What ws bounds, beside its other options; these are missing in its types. */
interface WsBounds {
  readonly closeTimeout: number
  /** Parts that a message comes in, empty ones too: none of ours has more than one. */
  readonly maxFragments: number
  /** Pieces of a part, as they come from the network; each costs far more than its bytes. 128 KiB in the smallest packets are fewer. */
  readonly maxBufferedChunks: number
}

const SOCKET_OPTIONS: ServerOptions & WsBounds = {
  noServer: true,
  clientTracking: true,
  // What is small when compressed may be large: nobody gets to unpack anything.
  perMessageDeflate: false,
  maxPayload: PROTOCOL_LIMITS.frameBytes,
  maxFragments: 64,
  maxBufferedChunks: 256,
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
  const { gate } = pool
  const refuse = refusals(pool)
  const tellOfOther = toldOnce(path, pool.settings.logger)
  const unfinished = new UnfinishedMessages(pool.settings.limits.messageTimeoutMs)
  const stopSweeping = sweepOften(unfinished, pool)
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isForPath(request, path)) return
    const stranger = gate.strangerOf(request)
    const refusal = gate.check(request, stranger)
    if (refusal !== undefined) return refuse(socket, refusal, stranger)
    const enter = (ws: WebSocket) => {
      const visit = gate.enter(stranger)
      socket.on('close', visit.left)
      welcome(ws, { request, socket, stranger, visit, pool, unfinished })
    }
    let hasEntered = false
    try {
      sockets.handleUpgrade(request, socket, head, (ws) => {
        hasEntered = true
        enter(ws)
      })
    } catch (error) {
      // It throws where a listener before this one has answered, and whoever came has its line from there.
      if (hasEntered) throw error
      tellOfOther(error)
    }
  }
  sockets.on('wsClientError', ({ message }, socket) => {
    refuse(socket, { name: 'handshake', message: `${message}.`, origin: undefined }, undefined)
  })
  http.on('upgrade', onUpgrade)
  return async () => {
    http.off('upgrade', onUpgrade)
    pool.closeAll()
    await allClosed(sockets)
    stopSweeping()
  }
}

async function allClosed(sockets: WebSocketServer): Promise<void> {
  const timer = setTimeout(() => {
    for (const ws of sockets.clients) ws.terminate()
  }, CLOSE_TIMEOUT_MS)
  await Promise.all([...sockets.clients].map((ws) => new Promise((resolve) => ws.once('close', resolve))))
  clearTimeout(timer)
}

/** A socket that has just been upgraded, and what belongs to it. */
interface Arrival {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly stranger: string | undefined
  readonly visit: Visit
  readonly pool: ConnectionPool
  readonly unfinished: UnfinishedMessages
}

function welcome(ws: WebSocket, arrival: Arrival): void {
  const { pool, unfinished } = arrival
  const seam = new WsSocket(ws, arrival.socket)
  listenToWs(ws, new InTurn(pool.turns, seam, greet(seam, arrival)), unfinished)
}

/** Apart, so that nothing which stays with the socket keeps what is needed until the client is let in. */
function greet(
  seam: Socket,
  { request, socket, stranger, visit, pool }: Arrival,
): ReturnType<ConnectionPool['accept']> {
  const budget = new GreetingBudget(socket, (bytes) => {
    connection.end('FLOOD', `${bytes} bytes came before welcome: expected at most ${PROTOCOL_LIMITS.greetingBytes}.`)
  })
  const letIn = () => {
    visit.letIn()
    budget.lift()
  }
  const connection = pool.accept(seam, request, { stranger, letIn, declined: () => budget.renew() })
  return connection
}

/** How much later than due an unfinished message may be found, as a part of its time. */
const SWEEPS = 4

/** Looks for unfinished messages until it is undone. */
function sweepOften(unfinished: UnfinishedMessages, { settings }: ConnectionPool): () => void {
  const timer = setInterval(
    () => unfinished.sweep(settings.environment.now()),
    settings.limits.messageTimeoutMs / SWEEPS,
  )
  // The port keeps a process alive, as long as it should be.
  timer.unref()
  return () => clearInterval(timer)
}

/** Says once that somebody else answers the upgrades for the path as well. */
function toldOnce(path: string, logger: Logger): (error: unknown) => void {
  let wasTold = false
  return (err) => {
    if (!wasTold) {
      const remedy = 'attach once, and make a WebSocketServer of your own with noServer: true'
      logger.error(
        { err },
        `another listener of this HTTP server has answered an upgrade for "${path}", too: ${remedy}`,
      )
    }
    wasTold = true
  }
}

/** Refuses upgrades and says so where it is looked for: in `stats`, and once in the log. */
function refusals({ gate, settings }: ConnectionPool) {
  const logged = new Set<string>()
  return (socket: Duplex, refusal: GateRefusal, stranger: string | undefined) => {
    const { name, message, retryAfterMs } = refusal
    gate.count(name, stranger)
    logOnce(refusal, logged, settings.logger)
    refuseUpgrade(socket, { status: GATE_REFUSALS[name].status, message, retryAfterMs })
  }
}

/** Browsers hide why an upgrade failed, so the log has the remedy: once for each, and not for ever. */
function logOnce({ name, message, origin }: GateRefusal, logged: Set<string>, logger: Logger): void {
  const key = name === 'subprotocol' ? name : origin
  if (key === undefined || logged.has(key) || logged.size >= MAX_LOGGED) return
  logged.add(key)
  if (origin === undefined) logger.warn({}, `refused an upgrade. ${message}`)
  else logger.warn({ origin }, `refused a page from another origin; to let it in: origins: [${JSON.stringify(origin)}]`)
}

const MAX_LOGGED = 100
