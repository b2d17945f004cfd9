import { clientHandlers, connectionOf } from '@hotline/client'
import type { Client, Serves } from '@hotline/core'
import type { ServerOptions, ServerStats } from '@hotline/server'
import { serveInMemory } from './serve-in-memory.ts'

export interface TestPairOptions<Context> {
  /** What handlers get as `ctx`. */
  readonly context: Context
  /** What the client serves to the server: its `handlers`. */
  readonly handlers?: Serves<object> | undefined
  /** The server's, where a test wants more of something than a client gets, or less. */
  readonly limits?: ServerOptions<Context>['limits']
}

/** A client and a server that only have each other. */
export interface TestPair<Routes> extends AsyncDisposable {
  readonly client: Client<Routes>
  /** What the server keeps at the moment: a test that ends with `streams: 0` has left nothing open. */
  stats(): ServerStats
  /** Breaks the line between them. The client comes back at once, and the session goes on. */
  cut(): void
  /** Ends both, and leaves nothing behind; closing twice is fine. */
  close(): Promise<void>
}

/**
 * A real client and a real server of `router`, joined in memory: for tests of handlers and of the code that calls them.
 * The clock is the real one; nothing is sent before the first call.
 */
export function createTestPair<Routes, Context>(
  // As of `createCaller`: a context that lacks something is told what.
  router: Routes & Serves<Context>,
  { context, handlers, limits }: TestPairOptions<Context>,
): TestPair<Routes> {
  const options = { authenticate: () => ({ context }), limits }
  // Whatever the context is, `authenticate` is there.
  const server = serveInMemory<Routes, Context>(router, options as unknown as ServerOptions<Context>)
  const client = server.connect({ handlers: handlers && clientHandlers(handlers) })
  const connection = connectionOf(client as object)
  const close = async () => {
    connection.close()
    await server.stop()
  }
  return {
    client,
    stats: () => server.stats(),
    cut: () => {
      server.cut()
      // Once it has noticed, there is nothing to wait for.
      queueMicrotask(() => connection.state.name === 'waiting' && connection.connect())
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
