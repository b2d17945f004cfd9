import { namesOf, PROTOTYPE_NAMES, TYPED_ARRAYS } from './annotation.ts'

/** What a stranger may make us do: more annotations, or deeper ones, than any honest value has. */
const MAX_ANNOTATIONS = 10_000
const MAX_DEPTH = 160
const MAX_DIGITS = 1_024

/**
 * The value that superjson's `json` and `meta` stand for. Takes time in proportion to their size, whatever they say:
 * types from an allow-list, no shared references, nothing through prototypes. It changes `json`, which must be its own.
 * @throws TypeError for annotations that don't fit.
 */
export function revive(json: unknown, meta: unknown): unknown {
  if (!isRecord(meta)) throw new TypeError('The annotations are no object.')
  if (meta.referentialEqualities !== undefined) throw new TypeError('The annotations share references: write each out.')
  return reviveTree(json, meta.values, 0, { left: MAX_ANNOTATIONS })
}

/** From the inside out: what holds a value must find it as it shall be. */
function reviveTree(json: unknown, tree: unknown, depth: number, budget: { left: number }): unknown {
  if (!Array.isArray(tree)) {
    reviveInside(json, tree, depth, budget)
    return json
  }
  if (--budget.left < 0) throw new TypeError(`There are more than ${MAX_ANNOTATIONS} annotations.`)
  if (tree.length > 1) reviveInside(json, tree[1], depth, budget)
  return reviverOf(tree[0])(json)
}

function reviveInside(json: unknown, paths: unknown, depth: number, budget: { left: number }): void {
  if (paths === undefined) return
  if (!isRecord(paths)) throw new TypeError('The annotations of what is inside a value are no object.')
  for (const path in paths) {
    const names = namesOf(path)
    if (depth + names.length > MAX_DEPTH) throw new TypeError(`An annotation lies more than ${MAX_DEPTH} deep.`)
    const last = names.pop() ?? ''
    let holder = json
    for (const name of names) holder = member(holder, name)
    const value = reviveTree(member(holder, last), paths[path], depth + names.length + 1, budget)
    // It has just been read from there.
    ;(holder as Record<string, unknown>)[last] = value
  }
}

function member(holder: unknown, name: string): unknown {
  if (PROTOTYPE_NAMES.has(name)) throw new TypeError(`An annotation's path has the name "${name}".`)
  if (typeof holder !== 'object' || holder === null) {
    throw new TypeError('An annotation is for a value inside of one that holds none.')
  }
  if (!hasMember(holder, name)) throw new TypeError('An annotation is for a value that is not there.')
  return (holder as Readonly<Record<string, unknown>>)[name]
}

/** `length` is an own name of every array, and none of its members. */
function hasMember(members: object, name: string): boolean {
  return Object.hasOwn(members, name) && !(Array.isArray(members) && name === 'length')
}

type Reviver = (json: unknown) => unknown

const REVIVERS: Readonly<Record<string, Reviver>> = {
  undefined: (json) => (json === null ? undefined : wrong('undefined')),
  bigint: (json) => (isDigits(json) ? BigInt(json) : wrong('bigint')),
  Date: reviveDate,
  number: (json) => (isNumberName(json) ? Number(json) : wrong('number')),
  URL: (json) => (typeof json === 'string' ? new URL(json) : wrong('URL')),
  Error: reviveError,
  set: (json) => (Array.isArray(json) ? new Set(json) : wrong('set')),
  map: (json) => (isEntries(json) ? new Map(json) : wrong('map')),
}

function reviverOf(annotation: unknown): Reviver {
  if (typeof annotation === 'string' && Object.hasOwn(REVIVERS, annotation)) {
    const reviver = REVIVERS[annotation]
    if (reviver !== undefined) return reviver
  }
  if (Array.isArray(annotation) && annotation[0] === 'typed-array') return (json) => reviveArray(json, annotation[1])
  throw new TypeError('A value is annotated with a type that is not taken from others.')
}

function reviveDate(json: unknown): Date {
  const date = new Date(typeof json === 'string' ? json : Number.NaN)
  return Number.isNaN(date.getTime()) ? wrong('Date') : date
}

/** Without a stack: where it came from is nobody's business, and a stranger could write anything. */
function reviveError(json: unknown): Error {
  if (!isRecord(json) || typeof json.name !== 'string' || typeof json.message !== 'string') return wrong('Error')
  const error = new Error(json.message, Object.hasOwn(json, 'cause') ? { cause: json.cause } : undefined)
  error.name = json.name
  error.stack = `${json.name}: ${json.message}`
  return error
}

function reviveArray(json: unknown, name: unknown): object {
  const type = typeof name === 'string' ? TYPED_ARRAYS.get(name) : undefined
  if (type === undefined || !Array.isArray(json) || !json.every((entry) => typeof entry === 'number')) {
    return wrong('typed array')
  }
  return new type(json)
}

function isDigits(json: unknown): json is string {
  return typeof json === 'string' && json.length <= MAX_DIGITS + 1 && /^-?\d{1,1024}$/.test(json)
}

function isNumberName(json: unknown): boolean {
  return json === 'NaN' || json === 'Infinity' || json === '-Infinity' || json === '-0'
}

function isEntries(json: unknown): json is [unknown, unknown][] {
  return Array.isArray(json) && json.every((entry) => Array.isArray(entry) && entry.length === 2)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(type: string): never {
  throw new TypeError(`A value is annotated as a ${type}, and isn't one.`)
}
