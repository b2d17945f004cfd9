import type { Definition } from './definition.ts'

/**
 * What may stand in a router, without its types. `Router` is built from these two: if it mentioned the typed ones,
 * they would become the contextual return type of each procedure, and it would be inferred as `unknown`.
 */
export interface AnyProcedure {
  readonly definition: Definition
  /** Of a live query: the subscription that stands below it as `live`. */
  readonly live?: Definition
}

/** A part of a router that is loaded later, without its types. */
export interface AnyLazy {
  readonly lazy: true
}

/**
 * One endpoint of a router. The parameters exist only for the type checker: what a client sees, and the context it
 * needs. Their keys are strings, since a `unique symbol` would differ between two copies of this package.
 */
export interface Procedure<ClientCall, Context = never> extends AnyProcedure {
  readonly '~call'?: ClientCall
  readonly '~needs'?: (context: Context) => void
}

/** A part of a router that is loaded at its first call. */
export interface Lazy<Routes> extends AnyLazy {
  readonly load: () => Promise<Routes>
}

/** Whether a route is a procedure. A group of routes may itself have one called `definition`, so its inside decides. */
export function isProcedure(route: unknown): route is AnyProcedure {
  if (!hasField(route, 'definition')) return false
  return hasField(route.definition, 'handler') && typeof route.definition.handler === 'function'
}

/** Whether a route is a part that is loaded later. */
export function isLazy(route: unknown): route is Lazy<unknown> {
  return hasField(route, 'lazy') && route.lazy === true && hasField(route, 'load') && typeof route.load === 'function'
}

function hasField<Name extends string>(value: unknown, name: Name): value is Readonly<Record<Name, unknown>> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
}
