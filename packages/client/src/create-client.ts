import type { CallOptions, Client } from '@hotline/core'
import { clientProxy } from '@hotline/core/internal'
import { ClientConnection } from './client-connection.ts'
import type { AnyClient, Connection } from './connection.ts'
import { followPage } from './follow-page.ts'
import { type ClientOptions, resolveOptions } from './options.ts'
import { shownConnection } from './shown-connection.ts'

/** A client's connection is kept beside it, not in it: every name in it may be a procedure's. */
const connections = new WeakMap<object, ClientConnection>()

/**
 * A client of the router whose type is `Api`: `createClient<Api>({ url })`. Nothing is sent before the first call.
 * @throws TypeError for a URL that can't be one or leads elsewhere unencrypted, or where there is no WebSocket.
 */
export function createClient<Api extends object>(options: ClientOptions): Client<Api> {
  const connection = new ClientConnection(resolveOptions(options))
  followPage(connection)
  // What is sent was typed where it was called, and its options too.
  const api = clientProxy((path, input, callOptions) => connection.call(path, input, callOptions as CallOptions))
  connections.set(api, connection)
  // The proxy has every path; `Api` says which of them the server has.
  return api as Client<Api>
}

/**
 * The connection of a client: `connectionOf(api).state`, `connectionOf(api).close()`.
 * @throws TypeError for anything that `createClient` didn't make.
 */
export function connectionOf(api: AnyClient): Connection {
  const connection = connections.get(api)
  if (connection !== undefined) return shownConnection(connection)
  throw new TypeError('This is no client: give what createClient() gave, whole, and neither a part nor a copy of it.')
}
