import { escapeName, isPrototypeName, MAX_ANNOTATIONS, MAX_DEPTH, MAX_DIGITS } from './annotation.ts'
import { isBlob, isFile } from './blob.ts'
import { bytesName, copyBytes } from './bytes.ts'
import type { BlobLike } from './codec.ts'
import type { Registered } from './custom-type.ts'
import { EncodeError, type Step } from './encode-error.ts'
import { isoText } from './iso-date.ts'
import { foreignLabels } from './parse-url.ts'

/** Keeps bytes that a value has in it, and gives what stands for them in JSON. */
export type Keep = (into: Rewriting, bytes: Uint8Array | BlobLike) => number | string

/** What is known while a value is gone through. */
export class Rewriting {
  readonly types: readonly Registered[]
  readonly keep: Keep
  attachments: (Uint8Array | BlobLike)[] | undefined
  /** The annotations of what was rewritten last, as JSON text; empty for what is plain with all that is in it. */
  tree = ''
  annotations = 0
  depth = 0
  /** The way to the value that is looked at, without its own name where it is plain. */
  readonly path: Step[] = []
  /** The name that was annotated last, and as it is written: the rows of a list have the same ones. */
  lastName = ''
  lastQuoted = '"":'

  constructor(types: readonly Registered[], keep: Keep) {
    this.types = types
    this.keep = keep
  }
}

const FIRST_TOO_LONG = 10n ** BigInt(MAX_DIGITS)

/**
 * What JSON can say of a value; the rest is noted in `tree` and `attachments`. Goes through it once. Plain parts are kept
 * as they are, and copied only where something in them changes, so that plain data costs no allocation. Every reference
 * is written out: shared ones come back as copies.
 * @throws EncodeError that names the place.
 */
export function rewrite(into: Rewriting, value: unknown): unknown {
  into.tree = ''
  if (isSurelyPlain(value)) return value
  switch (typeof value) {
    case 'number':
      return leaf(into, Object.is(value, -0) ? '-0' : String(value), '["number"]')
    case 'undefined':
      return leaf(into, null, '["undefined"]')
    case 'bigint':
      return value < FIRST_TOO_LONG && value > -FIRST_TOO_LONG
        ? leaf(into, value.toString(), '["bigint"]')
        : refuse(into, 'has more than 1,024 digits')
    case 'object':
      return rewriteObject(into, value as object) // `null` is plain
    default:
      return refuse(into, `is a ${typeof value}`)
  }
}

/** What JSON says by itself, whatever is around it. */
function isSurelyPlain(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    value === null ||
    (typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0))
  )
}

function rewriteObject(into: Rewriting, value: object): unknown {
  if (Array.isArray(value)) return rewriteArray(into, value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return rewriteRecord(into, value)
  for (const { type, annotation } of into.types) {
    if (type.is(value)) return rewriteCustom(into, type.encode(value), annotation)
  }
  if (value instanceof Date && prototype === Date.prototype) return rewriteDate(into, value)
  if (value instanceof Map) return around(into, [...value], '"map"')
  if (value instanceof Set) return around(into, [...value], '"set"')
  if (value instanceof Error) return around(into, wordsOf(value), '"Error"')
  if (value instanceof URL) return rewriteUrl(into, value)
  if (isBlob(value)) return rewriteBlob(into, value)
  const name = bytesName(value)
  if (name !== undefined) return leaf(into, rewriteBytes(into, value), `[["bytes","${name}"]]`)
  return refuse(into, `is a ${constructorName(value)}, which has no registered encoding`)
}

/** Holes count: they are `undefined`. */
function rewriteArray(into: Rewriting, values: readonly unknown[]): unknown {
  enter(into)
  let copy: unknown[] | undefined
  let trees = ''
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    if (isSurelyPlain(value)) continue
    into.path.push(index)
    const json = rewrite(into, value)
    into.path.pop()
    if (into.tree !== '') trees += `${trees === '' ? '{"' : ',"'}${index}":${into.tree}`
    if (json === value) continue
    copy ??= [...values]
    copy[index] = json
  }
  leave(into, trees)
  return copy ?? values
}

function rewriteRecord(into: Rewriting, record: object): unknown {
  enter(into)
  // Only read by its own names below.
  const members = record as Readonly<Record<string, unknown>>
  let copy: Record<string, unknown> | undefined
  let trees = ''
  for (const name in members) {
    if (name === '__proto__') refuse(into, 'has the key "__proto__", which prototypes are polluted with')
    const value = members[name]
    if (isSurelyPlain(value)) continue
    into.path.push(name)
    const json = rewrite(into, value)
    if (into.tree !== '') trees += (trees === '' ? '{' : ',') + quoteName(into, name) + into.tree
    into.path.pop()
    if (json === value) continue
    copy ??= { ...members }
    copy[name] = json
  }
  leave(into, trees)
  return copy ?? record
}

/** The name of an annotated member, as JSON text with its colon. */
function quoteName(into: Rewriting, name: string): string {
  if (isPrototypeName(name)) {
    return refuse(into, `needs an annotation, and readers let no path lead through "${name}"`)
  }
  if (name !== into.lastName) {
    into.lastName = name
    into.lastQuoted = `${JSON.stringify(escapeName(name))}:`
  }
  return into.lastQuoted
}

function enter(into: Rewriting): void {
  if (++into.depth > MAX_DEPTH) refuse(into, `is nested more than ${MAX_DEPTH} deep, or refers to itself`)
}

function leave(into: Rewriting, trees: string): void {
  into.depth--
  into.tree = trees === '' ? '' : `${trees}}`
}

/** Counts as a level: what stands for the value may be of a registered type again, and so on. */
function rewriteCustom(into: Rewriting, inner: unknown, annotation: string): unknown {
  enter(into)
  const json = around(into, inner, annotation)
  into.depth--
  return json
}

/** A value that is written as another one, which may be rich itself. */
function around(into: Rewriting, inner: unknown, annotation: string): unknown {
  count(into)
  const json = rewrite(into, inner)
  into.tree = into.tree === '' ? `[${annotation}]` : `[${annotation},${into.tree}]`
  return json
}

function leaf(into: Rewriting, json: unknown, tree: string): unknown {
  count(into)
  into.tree = tree
  return json
}

function rewriteDate(into: Rewriting, date: Date): unknown {
  return leaf(into, isoText(date) ?? refuse(into, 'is an invalid Date'), '["Date"]')
}

/** As a reader counts it. */
function rewriteUrl(into: Rewriting, { href }: URL): unknown {
  into.annotations += foreignLabels(href)
  return leaf(into, href, '["URL"]')
}

/** Stacks don't travel; a cause does. */
function wordsOf(error: Error): object {
  const words = { name: String(error.name), message: String(error.message) }
  return 'cause' in error ? { ...words, cause: error.cause } : words
}

function rewriteBlob(into: Rewriting, blob: BlobLike): unknown {
  const at = into.keep(into, blob)
  // What stands for it is a level.
  enter(into)
  into.depth--
  const { type } = blob
  if (!isFile(blob)) return leaf(into, { at, type }, '[["bytes","Blob"]]')
  const { name, lastModified } = blob
  return leaf(into, { at, type, name, lastModified }, '[["bytes","File"]]')
}

function rewriteBytes(into: Rewriting, value: object): number | string {
  let bytes: Uint8Array
  try {
    bytes = copyBytes(value)
  } catch {
    return refuse(into, 'has a buffer that was transferred to somebody else')
  }
  return into.keep(into, bytes)
}

/** Beside the text, which has the index. */
export function attach(into: Rewriting, attachment: Uint8Array | BlobLike): number {
  into.attachments ??= []
  return into.attachments.push(attachment) - 1
}

function count(into: Rewriting): void {
  if (++into.annotations <= MAX_ANNOTATIONS) return
  refuse(into, `is one too many: ${MAX_ANNOTATIONS} may be other than plain JSON`)
}

/** @throws EncodeError that names the place. */
export function refuse(into: Rewriting, reason: string): never {
  throw new EncodeError(into.path, reason)
}

function constructorName(value: object): string {
  const { constructor: type } = value as { constructor?: unknown }
  return typeof type === 'function' && type.name !== '' ? type.name : 'object without a known type'
}
