import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { createClient } from '@hotline/client'
import type { Client, Serves } from '@hotline/core'
import { attach, type Connections, type ServerOptions, serve } from '@hotline/server'
import { WebSocket } from 'ws'
import type { Adapter } from './adapter.ts'
import { behaviourSuite } from './behaviour-suite.ts'

/** A server that listens, and what ends it. */
interface Listening {
  readonly port: number
  readonly connections: Connections
  size(): number
  cut(): void
  revoke(principal: string): void
  close(): Promise<void>
}

type Listen = <Context>(router: Serves<Context>, options: ServerOptions<Context>, port: number) => Promise<Listening>

behaviourSuite(overWs('ws, served on a port of its own', listenAlone))
behaviourSuite(overWs('ws, attached to an HTTP server', listenAttached))

/** Cut by clients whose process is gone: `serve` keeps its sockets to itself. */
async function listenAlone<Context>(router: Serves<Context>, options: ServerOptions<Context>, port: number) {
  const server = await serve(router, { ...options, port })
  const cut = () => {
    for (const socket of clientSockets) socket.terminate()
  }
  const { connections } = server
  return {
    port: server.port ?? 0,
    connections,
    size: () => server.size,
    cut,
    revoke: server.revoke,
    close: server.close,
  }
}

/** Cut at the server's side. */
async function listenAttached<Context>(router: Serves<Context>, options: ServerOptions<Context>, port: number) {
  const http = createServer({ headersTimeout: 10_000 })
  const sockets = new Set<Duplex>()
  http.on('upgrade', (_request, socket) => sockets.add(socket.once('close', () => sockets.delete(socket))))
  const server = attach(router, { ...options, server: http })
  await new Promise<void>((resolve) => http.listen(port, resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const close = async () => {
    await server.close()
    await new Promise((resolve) => http.close(resolve))
  }
  // A server that listens on TCP has an address with a port.
  const { port: free } = http.address() as AddressInfo
  return { port: free, connections: server.connections, size: () => server.size, cut, revoke: server.revoke, close }
}

function overWs(name: string, listen: Listen): Adapter {
  return {
    name,
    start: async <Routes extends Serves<Context>, Context>(router: Routes, options: ServerOptions<Context>) => {
      let listening: Listening | undefined = await listen(router, options, 0)
      const { port } = listening
      return {
        get size() {
          return listening?.size() ?? 0
        },
        get connections() {
          return listening?.connections ?? NOBODY
        },
        connect: (clientOptions) => {
          const url = `ws://localhost:${port}/rpc`
          // A client sees the router's type as its API.
          return createClient<object>({ ...clientOptions, url, WebSocket: CountedWebSocket }) as Client<Routes>
        },
        cut: () => listening?.cut(),
        revoke: (principal) => listening?.revoke(principal),
        stop: async () => {
          await listening?.close()
          listening = undefined
        },
        start: async () => {
          listening = await listen(router, options, port)
        },
      }
    },
  }
}

const NOBODY: Connections = { of: () => [], all: () => [] }

const clientSockets = new Set<WebSocket>()

class CountedWebSocket extends WebSocket {
  constructor(url: string, protocols: string) {
    super(url, protocols)
    clientSockets.add(this)
    this.once('close', () => clientSockets.delete(this))
  }
}
