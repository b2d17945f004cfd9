import type { Builder } from './builder.ts'
import { checkErrors, checkFunction, checkLive, checkSchema } from './check-declaration.ts'
import type { Empty, Fresh } from './declared.ts'
import type { Definition, Kind, Middleware } from './definition.ts'
import type { Invocation } from './invocation.ts'
import { openLive } from './live-stream.ts'
import type { AnyProcedure, Lazy } from './procedure.ts'
import { type Allowed, checkRoutes, type Router } from './router.ts'

/** Where an application's procedures begin: a builder that was told nothing yet, and what joins procedures to a router. */
export interface Hotline<Context, ClientApi> extends Builder<Fresh<Context, ClientApi>> {
  /** Checks the names and what stands behind them, else throws a TypeError that names the path. Gives back `routes`. */
  router<R extends Router>(routes: R & Allowed<R>): R
  /** A part of a router that is loaded at its first call: `h.lazy(() => import('./admin.ts').then((m) => m.admin))`. */
  lazy<R>(load: () => Promise<R>): Lazy<R>
}

/**
 * Starts an application's builder. `Context` is what authentication gives to every handler as `ctx`; `ClientApi` are
 * the routes that clients serve to the server, called through `client`.
 */
export function hotline<Context, ClientApi = Empty>(): Hotline<Context, ClientApi> {
  const start = { ...builder(EMPTY), router, lazy }
  // The run time knows no types: `Builder` says, per word, what the definition's schemas and handler mean to callers.
  return Object.freeze(start) as unknown as Hotline<Context, ClientApi>
}

/** A definition before its last word. */
type Draft = Omit<Definition, 'kind' | 'handler'>

const EMPTY: Draft = {
  input: undefined,
  output: undefined,
  items: undefined,
  errors: {},
  meta: undefined,
  idempotent: false,
  middleware: [],
}

/** `Builder` as the run time sees it: each word checks what it is given and gives a new builder. */
function builder(draft: Draft): Readonly<Record<keyof Builder<Fresh<unknown, unknown>>, (given: unknown) => unknown>> {
  const say = (part: Partial<Draft>) => builder({ ...draft, ...part })
  return Object.freeze({
    input: (schema: unknown) => {
      checkSchema('input', schema)
      return say({ input: schema })
    },
    output: (schema: unknown) => {
      checkSchema('output', schema)
      return say({ output: schema })
    },
    items: (schema: unknown) => {
      checkSchema('items', schema)
      return say({ items: schema })
    },
    errors: (table: unknown) => {
      checkErrors(table, draft.errors)
      return say({ errors: Object.freeze({ ...draft.errors, ...table }) })
    },
    meta: (meta: unknown) => say({ meta }),
    idempotent: () => say({ idempotent: true }),
    use: (middleware: unknown) => {
      checkFunction('use', middleware)
      // A checked function is given the one call that a middleware takes.
      return say({ middleware: Object.freeze([...draft.middleware, middleware as Middleware]) })
    },
    query: (handler: unknown) => procedure(draft, 'query', handler),
    mutation: (handler: unknown) => procedure(draft, 'mutation', handler),
    subscription: (handler: unknown) => procedure(draft, 'subscription', handler),
    live: (given: unknown) => live(draft, given),
  })
}

function procedure(draft: Draft, kind: Kind, handler: unknown): AnyProcedure {
  checkFunction(kind, handler)
  if (kind === 'query' && draft.items !== undefined) {
    throw new TypeError('A query takes no items: end it with .mutation for an upload, or .subscription for both ways.')
  }
  // A checked function is given the one call that a handler takes.
  return Object.freeze({ definition: Object.freeze({ ...draft, kind, handler: handler as Definition['handler'] }) })
}

/** A query, and a subscription whose items the query's schema doesn't know: it checks the values that they are made of. */
function live(draft: Draft, given: unknown): AnyProcedure {
  checkLive(given)
  const { on, query } = given
  const { output } = draft
  // `Invocation` is what handlers are called with.
  const follow = (call: unknown) => openLive(call as Invocation, { on, query, output })
  const { definition } = procedure(draft, 'query', query)
  return Object.freeze({
    definition,
    live: procedure({ ...draft, output: undefined }, 'subscription', follow).definition,
  })
}

function router(routes: unknown): Router {
  checkRoutes(routes)
  return routes
}

function lazy(load: unknown): Lazy<unknown> {
  checkFunction('lazy', load)
  // What it resolves to is checked when it has been loaded.
  return Object.freeze({ lazy: true, load: load as () => Promise<unknown> })
}
