import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attach } from '@hotline/server'
import { api } from './api.ts'
import { whoIs } from './authenticate.ts'
import { lockFolder } from './folder-lock.ts'
import { LoadMeter } from './load-meter.ts'
import { onStopSignal } from './on-stop-signal.ts'
import { Presence } from './presence.ts'
import { staticFiles } from './static-files.ts'
import { Board } from './store/board.ts'

// As built, this file is dist/server/main.js.
const PAGE = fileURLToPath(new URL('../page', import.meta.url))
const { DATABASE_URL } = process.env
const DATA = process.env.BOARD_DATA ?? fileURLToPath(new URL('../../.data/board', import.meta.url))

/**
 * Short, since there is often nobody else to go to, and whoever pressed Ctrl-C waits. Where another process takes over,
 * it is time enough to move.
 */
const DRAIN = { windowMs: 400, deadlineMs: 2_000 }

/** How long a request may take to be whole, and how often that is looked at: Node's own minute is a gift to strangers. */
const PATIENCE = { headersTimeout: 10_000, connectionsCheckingInterval: 2_500 }

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

async function main(): Promise<void> {
  const port = readPort(process.env.PORT)
  // The port first: of two started by mistake, the second ends here and never touches the data.
  const http = await listen(createServer(PATIENCE, staticFiles(PAGE)), port)
  const { board, close } = await openBoard()
  const presence = new Presence()
  const load = new LoadMeter()
  setInterval(() => load.measure(new Date()), 1_000).unref()

  const server = attach(api, {
    server: http,
    path: '/rpc',
    authenticate: ({ auth }) => {
      const user = whoIs(auth)
      return { principal: user.id, context: { user, board, presence, load } }
    },
  })
  console.log(`Hotline board: http://localhost:${port}`)

  onStopSignal(async () => {
    // The port is free from now on: the process that comes next may listen while this one finishes.
    http.close()
    await server.drain(DRAIN)
    http.closeAllConnections()
    await close()
  })
}

/** On a server that others share, or in a folder that is this process's own while it runs. */
async function openBoard(): Promise<{ readonly board: Board; close(): Promise<void> }> {
  if (DATABASE_URL !== undefined) {
    const board = await Board.open({ url: DATABASE_URL })
    return { board, close: () => board.close() }
  }
  mkdirSync(dirname(DATA), { recursive: true })
  const unlock = await lockFolder(DATA)
  const board = await Board.open({ folder: DATA })
  return { board, close: () => board.close().then(unlock) }
}

function readPort(value = '3000'): number {
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Error(`PORT must be a number from 1 to 65535, not "${value}".`)
}

async function listen(server: Server, port: number): Promise<Server> {
  server.listen(port)
  try {
    await once(server, 'listening')
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!isTaken) throw error
    throw new Error(
      `Port ${port} is taken: stop what listens there, or choose another one with PORT=${port + 1} npm start.`,
    )
  }
  return server
}
