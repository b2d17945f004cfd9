import type { Server as HttpServer } from 'node:http'
import type { Server as HttpsServer } from 'node:https'
import type { Router, Serves } from '@hotline/core'
import { checkGiven, checkPath, checkServer } from './check-options.ts'
import { ConnectionPool } from './connection-pool.ts'
import { resolveDrain } from './drain.ts'
import type { Gate } from './gate/gate.ts'
import { consoleLogger, type Logger } from './logger.ts'
import { resolveOptions, type ServerOptions } from './options.ts'
import { listenForUpgrades, type Server } from './server.ts'

export interface AttachTarget {
  /** An HTTP server of your own: of Express, Fastify, or plain. It needs not listen yet. */
  readonly server: HttpServer | HttpsServer
  /** The path of the WebSocket; upgrades for other paths are left alone. `/rpc` without one. */
  readonly path?: string | undefined
}

/**
 * Serves a router beside whatever else an HTTP server does.
 * @throws TypeError for a router that can't be served, or an option that can't be.
 */
export function attach<Context>(
  router: Serves<Context>,
  options: AttachTarget & ServerOptions<NoInfer<Context>>,
): Server<Context> {
  const server = attachTo<Context>(router, options)
  warnOfPatience(options.server, options.logger ?? consoleLogger)
  return server
}

/** What more is to be done where the HTTP server belongs to us. */
export interface HttpOwner {
  /** Before it hears of upgrades. */
  prepare(gate: Gate): void
  /** Closes all of it; `closeSockets` answers no further upgrade, and resolves when every WebSocket is closed. */
  close(closeSockets: () => Promise<void>): Promise<void>
}

const SOMEBODY_ELSE: HttpOwner = { prepare: () => {}, close: (closeSockets) => closeSockets() }

/** The same for a server that `serve` has made. */
export function attachTo<Context>(
  router: Serves<Context>,
  options: AttachTarget & ServerOptions<NoInfer<Context>>,
  owner: HttpOwner = SOMEBODY_ELSE,
): Server<Context> {
  checkGiven(options, 'attach(api, { server })')
  checkServer(options.server)
  const path = checkPath(options.path ?? '/rpc')
  // The types have matched the router with the context; the run time looks at the router itself.
  const pool = new ConnectionPool(router as Router, resolveOptions(options))
  owner.prepare(pool.gate)
  const closeSockets = listenForUpgrades(options.server, path, pool)
  const close = () => owner.close(closeSockets)
  return {
    get size() {
      return pool.size
    },
    port: undefined,
    connections: pool.connections<Context>(),
    stats: () => pool.stats(),
    revoke: (principal) => pool.revoke(principal),
    recheck: (principal) => pool.sessions.recheck(principal),
    async drain(options) {
      await pool.drain(resolveDrain(options))
      await close()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Node's own default is a minute: so long a stranger may hold a socket without a whole request. */
const MAX_HEADERS_TIMEOUT_MS = 15_000

function warnOfPatience({ headersTimeout }: AttachTarget['server'], logger: Logger): void {
  if (headersTimeout > 0 && headersTimeout <= MAX_HEADERS_TIMEOUT_MS) return
  logger.warn(
    { headersTimeout },
    `the HTTP server waits ${headersTimeout === 0 ? 'for ever' : `${headersTimeout} ms`} for the headers of a request, and so long a stranger holds its socket: createServer({ headersTimeout: 10_000, connectionsCheckingInterval: 2_500 }, ...)`,
  )
}
