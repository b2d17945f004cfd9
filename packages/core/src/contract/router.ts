import type { AnyLazy, AnyProcedure } from './procedure.ts'
import { isLazy, isProcedure } from './procedure.ts'

/** Names that a client's proxy answers for itself. The type below, the check here and the proxy read this one table. */
export const RESERVED_NAMES = [
  'then',
  'catch',
  'finally',
  'toJSON',
  'toString',
  'toLocaleString',
  'valueOf',
  'constructor',
  'prototype',
  '__proto__',
  'call',
  'apply',
  'bind',
] as const

/** A name that no route may have. */
export type ReservedName = (typeof RESERVED_NAMES)[number]

/** Nested plain objects of procedures. Their names, joined by dots, are a procedure's path. */
export interface Router {
  readonly [name: string]: AnyProcedure | AnyLazy | Router
}

/**
 * A router whose reserved names are replaced by a type that says so; the compiler then points at the name. Only own keys
 * are looked at: as optional members of a constraint they would be found on every object's prototype.
 */
export type Allowed<R> = {
  readonly [Name in keyof R]: Name extends ReservedName
    ? `'${Name}' is reserved: a client answers it itself. Choose another name.`
    : R[Name] extends AnyProcedure | AnyLazy
      ? unknown
      : Allowed<R[Name]>
}

/** The name below a live query under which its stream is opened. */
export const LIVE = 'live'

/** Longest path of a procedure, in bytes of UTF-8: it travels with every call. */
const MAX_PATH_BYTES = 256

const reservedNames: ReadonlySet<string> = new Set(RESERVED_NAMES)
const utf8 = /* @__PURE__ */ new TextEncoder()

/** Whether a client answers `name` itself instead of sending a call. */
export function isReservedName(name: string): name is ReservedName {
  return reservedNames.has(name)
}

/**
 * Throws a TypeError that names the first route which can't be served, and the remedy. `parent` is the path of the
 * routes themselves: empty for a whole router, given for a part that was loaded later.
 */
export function checkRoutes(routes: unknown, parent = ''): asserts routes is Router {
  const place = parent === '' ? 'A router' : `"${parent}"`
  if (isBuilder(routes))
    throw new TypeError(`${place} is a builder: end it with .query, .mutation, .subscription or .live.`)
  if (isProcedure(routes)) throw new TypeError(`${place} is a procedure: give the plain object that it stands in.`)
  if (!isPlainObject(routes)) {
    const remedy =
      parent === '' ? 'a plain object of procedures' : 'a procedure, h.lazy(...) or a plain object of these'
    throw new TypeError(`${place} is ${describe(routes)}: give ${remedy}.`)
  }
  for (const [name, route] of Object.entries(routes)) {
    const path = parent === '' ? name : `${parent}.${name}`
    checkName(name, path)
    if (!isProcedure(route) && !isLazy(route)) checkRoutes(route, path)
    if (isProcedure(route) && route.live !== undefined) checkName(LIVE, `${path}.${LIVE}`)
  }
}

function checkName(name: string, path: string): void {
  if (name === '') throw new TypeError(`"${path}" ends in an empty name: give the route a name.`)
  if (name.includes('.')) {
    throw new TypeError(`"${path}" has a dot in the name "${name}": dots part the names of a path, so nest instead.`)
  }
  if (isReservedName(name)) {
    throw new TypeError(`"${path}" has the reserved name "${name}", which a client answers itself: choose another.`)
  }
  const bytes = utf8.encode(path).length
  if (bytes > MAX_PATH_BYTES) {
    throw new TypeError(`"${path}" has ${bytes} bytes, a path at most ${MAX_PATH_BYTES}: shorten or flatten it.`)
  }
}

/** A module's namespace, which has no prototype, counts too: `import * as todos` is a fine group of routes. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** A group may itself have a procedure called `query`, but not a bare function. */
function isBuilder(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'query' in value && typeof value.query === 'function'
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? `an instance of ${value.constructor?.name}` : `of type ${typeof value}`
}
