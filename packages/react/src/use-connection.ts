import { type AnyClient, type ConnectionInfo, connectionStore } from '@hotline/client'
import { useMemo, useSyncExternalStore } from 'react'
import { isServer } from './is-server.ts'

/**
 * The line of a client that `createClient` made. On a server that renders, where a caller stands in for the client, there
 * is none: it is `idle`.
 * @throws TypeError in a page for anything else than a client.
 */
export function useConnection(api: AnyClient): ConnectionInfo {
  // Nothing at all would be idle for ever, as on a server.
  const line = useMemo(() => connectionStore(isServer() ? undefined : (api ?? {})), [api])
  return useSyncExternalStore(line.subscribe, line.get, line.idle)
}
