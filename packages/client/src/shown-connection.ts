import { sessionStats } from '@hotline/core/internal'
import type { ClientConnection } from './client-connection.ts'
import type { Connection } from './connection.ts'

const shown = new WeakMap<ClientConnection, Connection>()

/**
 * What the application sees of a connection; the same object each time. It stands apart, so that a page which only calls
 * doesn't load what `stats` counts with.
 */
export function shownConnection(connection: ClientConnection): Connection {
  const known = shown.get(connection)
  if (known !== undefined) return known
  const view: Connection = {
    get state() {
      return connection.state
    },
    subscribe: (listener) => connection.subscribe(listener),
    stats: () => sessionStats(connection.session),
    connect: () => connection.connect(),
    close: () => connection.close(),
  }
  shown.set(connection, view)
  return view
}
