import { isPrototypeName, MAX_ANNOTATIONS, MAX_DIGITS, MAX_NAMES, namesOf } from './annotation.ts'
import { fromBase64 } from './base64.ts'
import { makeBlob, makeFile } from './blob.ts'
import { fromBytes, fromNumbers } from './bytes.ts'
import { areSpread } from './collection-keys.ts'
import type { CustomType } from './custom-type.ts'
import { parseDate } from './iso-date.ts'
import { foreignLabels, parseUrl } from './parse-url.ts'

/** Deeper annotations are refused: 64 levels of a value are 128 of them at most. */
const MAX_TREE_DEPTH = 160

/** What a value may refer to. */
export interface Surroundings {
  readonly attachments: readonly Uint8Array[]
  readonly types: ReadonlyMap<string, CustomType<unknown>>
}

/**
 * The value that `json`, `meta` and attachments stand for. Takes time in proportion to their size, whatever they say:
 * types from an allow-list, no shared references, nothing through prototypes. It changes `json`, which must be its own.
 * @throws TypeError for annotations that don't fit, and what a registered type throws.
 */
export function revive(json: unknown, meta: unknown, { attachments, types }: Surroundings): unknown {
  if (!isRecord(meta)) throw new TypeError('The annotations are no object.')
  if (meta.referentialEqualities !== undefined) throw new TypeError('The annotations share references: write each out.')
  if (meta.values === undefined) return json
  const from = { types, attachments: [...attachments], left: MAX_ANNOTATIONS, names: MAX_NAMES }
  return reviveTree(from, json, meta.values, 0)
}

/** What is known while a value is revived. */
interface Reviving {
  readonly types: Surroundings['types']
  /** Those that nothing has referred to yet. */
  readonly attachments: (Uint8Array | undefined)[]
  /** Annotations that are still taken. */
  left: number
  /** Names in paths that are still taken. */
  names: number
}

/** From the inside out: what holds a value must find it as it shall be. */
function reviveTree(from: Reviving, json: unknown, tree: unknown, depth: number): unknown {
  if (!Array.isArray(tree)) return reviveInside(from, json, tree, depth)
  spend(from, 1)
  const inner = tree.length === 1 ? json : reviveTree(from, json, tree[1], checkedDepth(depth + 1))
  return reviveAs(from, inner, tree[0])
}

/** Changes `json` itself. */
function reviveInside(from: Reviving, json: unknown, paths: unknown, depth: number): unknown {
  if (!isRecord(paths)) throw new TypeError('The annotations are no object.')
  for (const path in paths) {
    if (!path.includes('.') && !path.includes('\\')) {
      reviveMember(from, json, path, paths[path], checkedDepth(depth + 1))
      continue
    }
    const names = namesOf(path)
    const below = checkedDepth(depth + names.length)
    from.names -= names.length
    if (from.names < 0) throw new TypeError(`The paths of the annotations have more than ${MAX_NAMES} names.`)
    const last = names.pop() ?? ''
    let holder = json
    for (const name of names) holder = member(holder, name)
    reviveMember(from, holder, last, paths[path], below)
  }
  return json
}

function reviveMember(from: Reviving, holder: unknown, name: string, tree: unknown, depth: number): void {
  const found = member(holder, name)
  const value = reviveTree(from, found, tree, depth)
  // It has just been read from there.
  if (value !== found) (holder as Record<string, unknown>)[name] = value
}

function reviveAs(from: Reviving, json: unknown, annotation: unknown): unknown {
  switch (annotation) {
    case 'Date':
      return (typeof json === 'string' ? parseDate(json) : undefined) ?? wrong('Date')
    case 'undefined':
      return json === null ? undefined : wrong('undefined')
    case 'bigint':
      return isDigits(json) ? BigInt(json) : wrong('bigint')
    case 'number':
      return isNumberName(json) ? Number(json) : wrong('number')
    case 'URL':
      return typeof json === 'string' ? reviveUrl(from, json) : wrong('URL')
    case 'Error':
      return reviveError(json)
    case 'set':
      return Array.isArray(json) && areSpread(json) ? new Set(json) : wrong('set')
    case 'map':
      return isEntries(json) && areSpread(json.map(([key]) => key)) ? new Map(json) : wrong('map')
  }
  if (Array.isArray(annotation)) {
    const [kind, name] = annotation
    if (kind === 'bytes') return reviveBytes(from, json, name)
    if (kind === 'custom') return reviveCustom(from, json, name)
    if (kind === 'typed-array') return reviveNumbers(json, name)
  }
  throw new TypeError('A value is annotated with a type that is not taken from others.')
}

function spend(from: Reviving, annotations: number): void {
  from.left -= annotations
  if (from.left < 0) throw new TypeError(`There are more than ${MAX_ANNOTATIONS} annotations.`)
}

function reviveUrl(from: Reviving, json: string): URL {
  spend(from, foreignLabels(json))
  return parseUrl(json)
}

function reviveCustom({ types }: Reviving, json: unknown, name: unknown): unknown {
  const type = typeof name === 'string' ? types.get(name) : undefined
  if (type !== undefined) return type.decode(json)
  throw new TypeError(`The custom type "${String(name).slice(0, 64)}" is not known here: register it at both ends.`)
}

function reviveBytes(from: Reviving, json: unknown, name: unknown): unknown {
  if (name === 'Blob' || name === 'File') return reviveBlob(from, json, name)
  return fromBytes(name, bytesAt(from, json)) ?? wrong('value made of bytes')
}

function reviveBlob(from: Reviving, json: unknown, kind: 'Blob' | 'File'): unknown {
  if (!isRecord(json) || typeof json.type !== 'string') return wrong(kind)
  const { at, type, name, lastModified } = json
  if (kind === 'Blob') return makeBlob(bytesAt(from, at), type)
  if (typeof name !== 'string' || typeof lastModified !== 'number') return wrong(kind)
  return makeFile(bytesAt(from, at), name, { type, lastModified })
}

/** Each attachment once: else a short message could have one copied ten thousand times. */
function bytesAt({ attachments }: Reviving, at: unknown): Uint8Array {
  if (typeof at === 'string') return fromBase64(at) ?? wrong('value made of bytes')
  const bytes = typeof at === 'number' ? attachments[at] : undefined
  if (typeof at !== 'number' || bytes === undefined) {
    throw new TypeError('A value refers to an attachment that is not there, or was referred to before.')
  }
  attachments[at] = undefined
  return bytes
}

function checkedDepth(depth: number): number {
  if (depth <= MAX_TREE_DEPTH) return depth
  throw new TypeError(`An annotation lies more than ${MAX_TREE_DEPTH} deep.`)
}

function member(holder: unknown, name: string): unknown {
  if (isPrototypeName(name)) throw new TypeError(`An annotation's path has the name "${name}".`)
  if (typeof holder !== 'object' || holder === null || !isPlain(holder) || !hasMember(holder, name)) {
    throw new TypeError('An annotation is for a value that is not there.')
  }
  return (holder as Readonly<Record<string, unknown>>)[name]
}

/** Whether it still is what JSON said, perhaps in another realm: what was revived has been looked at, and stays as it is. */
function isPlain(holder: object): boolean {
  return Array.isArray(holder) || Object.getPrototypeOf(Object.getPrototypeOf(holder)) === null
}

/** `length` is an own name of every array, and none of its members. */
function hasMember(members: object, name: string): boolean {
  return Object.hasOwn(members, name) && !(Array.isArray(members) && name === 'length')
}

/** Without a stack: where it came from is nobody's business, and a stranger could write anything. */
function reviveError(json: unknown): Error {
  if (!isRecord(json) || typeof json.name !== 'string' || typeof json.message !== 'string') return wrong('Error')
  const error = new Error(json.message, Object.hasOwn(json, 'cause') ? { cause: json.cause } : undefined)
  error.name = json.name
  error.stack = `${json.name}: ${json.message}`
  return error
}

/** As superjson itself writes typed arrays; we don't. */
function reviveNumbers(json: unknown, name: unknown): object {
  if (!Array.isArray(json) || !json.every((entry) => typeof entry === 'number')) return wrong('typed array')
  return fromNumbers(name, json) ?? wrong('typed array')
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
