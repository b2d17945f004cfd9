import { useMemo, useSyncExternalStore } from 'react'
import { type ConnectionInfo, ConnectionView, NO_LINE } from './connection-view.ts'

const nothing = { subscribe: () => () => {}, snapshot: () => NO_LINE }

/**
 * The line of a client that `createClient` made. On a server that renders, where a caller stands in for the client, there
 * is none: it is `idle`.
 * @throws TypeError in a page for anything else than a client.
 */
export function useConnection(api: object): ConnectionInfo {
  const view = useMemo(() => ('window' in globalThis ? new ConnectionView(api) : nothing), [api])
  return useSyncExternalStore(view.subscribe, view.snapshot, () => NO_LINE)
}
