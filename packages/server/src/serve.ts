import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Serves } from '@hotline/core'
import { attachTo } from './attach.ts'
import { checkGiven, checkPort, checkType, shown } from './check-options.ts'
import type { Gate } from './gate/gate.ts'
import { isForPath } from './handshake.ts'
import { resolveLimits, type ServerOptions } from './options.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'
import { boundRequests } from './request-deadline.ts'
import type { Server } from './server.ts'

export interface ServeTarget {
  /** 0 takes a free one; `server.port` says which. */
  readonly port: number
  /** The address to listen on; every one without it. */
  readonly host?: string | undefined
  /** The path of the WebSocket. `/rpc` without one. */
  readonly path?: string | undefined
}

/** How often Node looks for requests that are late, as a part of their time; it would be every 30 s. */
const HEADERS_CHECKS = 4

/**
 * Serves a router on a port of its own. Resolves once it listens; rejects with one clear sentence where it can't.
 */
export async function serve<Context>(
  router: Serves<Context>,
  options: ServeTarget & ServerOptions<NoInfer<Context>>,
): Promise<Server<Context>> {
  checkGiven(options, 'serve(api, { port: 3000 })')
  const port = checkPort(options.port)
  checkType('host', options.host, 'string')
  // Node takes whole numbers, and 0 for no end.
  const headersTimeout = Math.max(1, Math.ceil(resolveLimits(options.limits).headersTimeoutMs))
  const connectionsCheckingInterval = Math.ceil(headersTimeout / HEADERS_CHECKS)
  const http = createServer(
    { headersTimeout, requestTimeout: headersTimeout, connectionsCheckingInterval },
    (_request, response) => {
      // It closes: a connection that goes on would be counted by nobody.
      const fields = { 'content-type': 'text/plain; charset=utf-8', upgrade: 'websocket', connection: 'close' }
      response.writeHead(426, fields)
      response.end('This port speaks WebSocket only: connect with a Hotline client.\n')
    },
  )
  const refuseStray = strayRefusal(options.path ?? '/rpc')
  // Before anybody else hears of an upgrade: from there on it counts as that.
  const prepare = (gate: Gate) => boundRequests(http, gate, headersTimeout)
  const close = async (closeSockets: () => Promise<void>) => {
    const closed = new Promise<void>((resolve) => http.close(() => resolve()))
    http.off('upgrade', refuseStray)
    // Where nobody answers, the socket of a client that was about to ask would stay open, and the port be waited for, for good.
    http.off('upgrade', refuseLate).on('upgrade', refuseLate)
    await closeSockets()
    // Those that never became a WebSocket: nobody else would end them.
    http.closeAllConnections()
    await closed
  }
  const attached = attachTo<Context>(router, { ...options, server: http }, { prepare, close })
  http.on('upgrade', refuseStray)
  try {
    await listen(http, port, options.host)
  } catch (error) {
    await attached.close()
    throw error
  }
  return {
    get size() {
      return attached.size
    },
    // A server that listens on TCP has an address with a port.
    port: (http.address() as AddressInfo).port,
    connections: attached.connections,
    stats: () => attached.stats(),
    revoke: (principal) => attached.revoke(principal),
    recheck: (principal) => attached.recheck(principal),
    drain: (options) => attached.drain(options),
    close: () => attached.close(),
    [Symbol.asyncDispose]: () => attached.close(),
  }
}

/** On a port of our own nobody else answers an upgrade for another path, and its socket would stay open for good. */
function strayRefusal(path: string): (request: IncomingMessage, socket: Duplex) => void {
  return (request, socket) => {
    if (isForPath(request, path)) return
    refuseUpgrade(socket, {
      status: 404,
      message: `There is nothing to upgrade to at this path: connect to "${path}".`,
    })
  }
}

/** Whoever had connected before the port was closed. */
function refuseLate(_request: IncomingMessage, socket: Duplex): void {
  refuseUpgrade(socket, { status: 503, message: 'This server has stopped: connect again, to another one.' })
}

function listen(http: HttpServer, port: number, host: string | undefined): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    http.once('error', (error) => reject(listenError(error, port, host)))
    http.listen(port, host, resolve)
  })
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string | undefined): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(`Port ${port} is taken: stop what listens there, or choose another port.`, { cause: error })
  if (error.code === 'EACCES')
    return new Error(`Port ${port} needs more rights: choose one above 1023.`, { cause: error })
  if (error.code === 'ENOTFOUND' || error.code === 'EADDRNOTAVAIL') {
    const message = `"host" is ${shown(host)}, where this machine can't listen (${error.code}): give an address of its own, or leave it out for all.`
    return new Error(message, { cause: error })
  }
  return error
}
