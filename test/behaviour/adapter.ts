import type { ClientOptions } from '@hotline/client'
import type { Client, Serves } from '@hotline/core'
import type { Connections, ServerOptions } from '@hotline/server'

/** A server behind some kind of socket, as the behaviour suite uses it. */
export interface Running<Routes> {
  /** Connections that the server has. */
  readonly size: number
  readonly connections: Connections
  connect(options?: Omit<ClientOptions, 'url' | 'WebSocket'>): Client<Routes>
  /** Every connection breaks, as a line does; the server goes on. */
  cut(): void
  /** Throws a principal out. */
  revoke(principal: string): void
  /** The process ends; clients find nobody there. */
  stop(): Promise<void>
  /** Another process takes its place at the same address, and knows nothing of the first. */
  start(): Promise<void>
}

/** One kind of socket under test. */
export interface Adapter {
  readonly name: string
  start<Routes extends Serves<Context>, Context>(
    router: Routes,
    options: ServerOptions<Context>,
  ): Promise<Running<Routes>>
}
