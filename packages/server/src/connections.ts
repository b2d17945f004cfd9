import type { Empty } from '@hotline/core'
import type { ConnectedClient } from './connected-client.ts'
import type { ServerSession } from './server-session.ts'
import type { SessionRegistry } from './session-registry.ts'

/** The clients that one server process knows at the moment; those of other processes aren't among them. */
export interface Connections<Context = unknown> {
  /** Those of one principal, the oldest first: each of its pages and programs is one. */
  of<ClientApi = Empty>(principal: string): readonly ConnectedClient<ClientApi, Context>[]
  /** All of them, the oldest first. */
  all<ClientApi = Empty>(): readonly ConnectedClient<ClientApi, Context>[]
}

/** The sessions of a registry, as the application sees them. */
export function connectionsIn<Context>(sessions: SessionRegistry): Connections<Context> {
  // What clients serve, and what `authenticate` gives, is known to the types alone.
  const views = <ClientApi>(of: Iterable<ServerSession>) =>
    [...of].map(({ view }) => view as ConnectedClient<ClientApi, Context>)
  return { of: (principal) => views(sessions.of(principal)), all: () => views(sessions.all) }
}
