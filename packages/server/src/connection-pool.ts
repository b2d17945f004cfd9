import type { IncomingMessage } from 'node:http'
import type { Router } from '@hotline/core'
import { Alarms, ProcedureTable, type Socket, type SocketListener } from '@hotline/core/internal'
import { Connection, type ConnectionHost } from './connection.ts'
import { contractHash } from './contract-hash.ts'
import type { Settings } from './options.ts'

/** The connections of one process and what they share. It knows sockets only by their seam. */
export class ConnectionPool {
  readonly #host: ConnectionHost
  readonly #connections = new Set<Connection>()

  /** @throws TypeError where the router can't be served, naming the path. */
  constructor(router: Router, settings: Settings) {
    const procedures = new ProcedureTable(router)
    this.#host = {
      settings,
      procedures,
      contract: settings.contract ?? contractHash(procedures),
      alarms: new Alarms(settings.environment),
      closed: (connection) => this.#connections.delete(connection),
    }
  }

  get size(): number {
    return this.#connections.size
  }

  get settings(): Settings {
    return this.#host.settings
  }

  /** Takes over an open socket; the listener that comes back must be told what happens to it. */
  accept(socket: Socket, request: IncomingMessage): SocketListener {
    const connection = new Connection(this.#host, socket, request)
    this.#connections.add(connection)
    return connection
  }

  /** Closes every connection; their clients may come back to whoever answers then. */
  closeAll(): void {
    for (const connection of [...this.#connections]) connection.end('GOING_AWAY', 'The server stops.')
  }
}
