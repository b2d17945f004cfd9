import type { IncomingMessage } from 'node:http'
import { type ClientOptions, createClient } from '@hotline/client'
import type { Client, Router, Serves } from '@hotline/core'
import type { Connections, ServerOptions, ServerStats } from '@hotline/server'
import { ConnectionPool, resolveOptions } from '@hotline/server/internal'
import { MemoryLine } from './memory-web-socket.ts'

/** What a client in memory may be told; where it connects to is known. */
export type MemoryClientOptions = Omit<ClientOptions, 'url' | 'WebSocket'>

/** A real server without a port. */
export interface MemoryServer<Routes, Context = unknown> extends AsyncDisposable {
  /** Connections that are open or opening. */
  readonly size: number
  /** Its clients, as those of `serve`. */
  readonly connections: Connections<Context>
  /** What it keeps at the moment, as that of `serve`. */
  stats(): ServerStats
  /** A real client of it. */
  connect(options?: MemoryClientOptions): Client<Routes>
  /** Every connection breaks, as a line does; the server goes on. */
  cut(): void
  /** Ends every connection and session of a principal at once, as that of `serve`. */
  revoke(principal: string): void
  /** Asks now of every stream of a principal that has a `recheck`, as that of `serve`. */
  recheck(principal: string): void
  /** Ends every connection and session and refuses new ones; stopping twice is fine. */
  stop(): Promise<void>
  /** Starts again after a stop, as a new process does: nothing of the sessions before is known. */
  start(): void
}

/**
 * Serves a router to clients in the same process: handshake, sessions, validation and encoding are the real ones, and so
 * is the clock; only the sockets are missing. `options` are those of `serve`, without a port.
 */
export function serveInMemory<Routes, Context>(
  // As of `createCaller`: a context that lacks something is told what.
  router: Routes & Serves<Context>,
  options: ServerOptions<Context>,
): MemoryServer<Routes, Context> {
  const line = new MemoryLine()
  // `Serves` is `Router` with types.
  const newPool = () => new ConnectionPool(router as Router, resolveOptions(options))
  let pool = newPool()
  const listen = () => line.listen((socket) => pool.accept(socket, REQUEST))
  listen()
  const stop = async () => {
    line.listen(undefined)
    pool.closeAll()
    // The closing handshakes are microtasks; after them nobody holds a socket.
    await new Promise<void>((resolve) => queueMicrotask(resolve))
  }
  return {
    get size() {
      return pool.size
    },
    get connections() {
      return pool.connections<Context>()
    },
    stats: () => pool.stats(),
    connect: (clientOptions) => {
      // A client sees the router's type as its API.
      return createClient<object>({
        ...clientOptions,
        url: 'wss://memory',
        WebSocket: line.WebSocket,
      }) as Client<Routes>
    },
    cut: () => line.cut(),
    revoke: (principal) => pool.revoke(principal),
    recheck: (principal) => pool.sessions.recheck(principal),
    stop,
    start: () => {
      pool = newPool()
      listen()
    },
    [Symbol.asyncDispose]: stop,
  }
}

// `authenticate` may look at the request: there was none, so it has nothing to say.
const REQUEST = { method: 'GET', url: '/rpc', headers: {} } as IncomingMessage
