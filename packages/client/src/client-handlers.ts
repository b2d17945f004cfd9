import type { Codec, Router, Serves } from '@hotline/core'
import {
  type Answering,
  CLIENT_JSON,
  type Environment,
  type Outlet,
  ProcedureTable,
  Responder,
  superjsonCodec,
  withinLimits,
} from '@hotline/core/internal'
import { consoleReport, type HandlerFailure, tellFailure } from './handler-failure.ts'

/** What a client serves to its server: made by `clientHandlers`. */
export interface ClientHandlers {
  /** What answers the server's calls in one session. For the client itself. */
  readonly answering: (outlet: Outlet, host: HandlerHost) => Answering
}

/** What handlers need of the client that has them. */
interface HandlerHost {
  readonly settings: {
    /** The application's own, if it has one. */
    readonly codec: Codec | undefined
    readonly environment: Pick<Environment, 'newId'>
    /** Where the application wants to hear of what the server sees only as `INTERNAL`. */
    readonly onError: ((failure: HandlerFailure) => void) | undefined
  }
  /** The deadline of the server's calls that state none. */
  readonly serverTimeoutMs: number
}

/** Calls of the server that may run at once, and streams among them: as many as a server grants its clients. */
export const HANDLER_LIMITS = { maxCalls: 256, maxStreams: 128 } as const

/** What handlers get as `ctx`: a client has nobody to tell apart. */
const CONTEXT = /* @__PURE__ */ Object.freeze({})

/**
 * Procedures that the server may call: `createClient({ url, handlers: clientHandlers(router) })`, with a router of
 * `hotline<object>()`. What runs them comes with this function, so a page without handlers doesn't load it.
 * @throws TypeError for a router that can't be served, naming the path.
 */
export function clientHandlers(router: Serves<object>): ClientHandlers {
  // `Serves` is `Router` with types.
  const procedures = new ProcedureTable(router as Router)
  return {
    answering: (outlet, host) => {
      const { codec = superjsonCodec, environment, onError = consoleReport } = host.settings
      const responder = new Responder(outlet, 'even', {
        codec: withinLimits(codec, CLIENT_JSON),
        procedures,
        ...HANDLER_LIMITS,
        // The server says it in its answer to the greeting, before it can call.
        get timeoutMs() {
          return host.serverTimeoutMs
        },
        newId: () => environment.newId(16),
        report: ({ path, id, reason }) => void tellFailure(onError, { error: reason, path, id }),
      })
      responder.connection.context = CONTEXT
      return responder
    },
  }
}
