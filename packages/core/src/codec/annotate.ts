import { type Annotation, escapeName } from './annotation.ts'

/** A value as superjson has it: what JSON can say, and the annotations of the rest. */
export interface Annotated {
  readonly json: unknown
  readonly values: unknown
}

/** Notes of the values inside one annotated value, or inside the whole: by path. */
type Notes = Record<string, unknown>

/**
 * Rewrites a value that `classify` has found to be rich. Plain parts are kept as they are, and copied only where
 * something in them changes. Every reference is written out: shared ones come back as copies.
 */
export function annotate(value: unknown): Annotated {
  const rewritten = rewrite(value)
  if (rewritten !== undefined) return { json: rewritten.json, values: treeOf(rewritten) }
  const notes: Notes = {}
  // What is rich and has no annotation of its own is a container.
  return { json: inside(value as object, '', notes), values: notes }
}

/** A value with an annotation of its own. */
interface Rewritten {
  readonly json: unknown
  readonly annotation: Annotation
  readonly notes: Notes | undefined
}

/** `undefined` for what JSON can say by itself, apart from what is inside of it. */
function rewrite(value: unknown): Rewritten | undefined {
  switch (typeof value) {
    case 'undefined':
      return leaf(null, 'undefined')
    case 'bigint':
      return leaf(value.toString(), 'bigint')
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? undefined : leaf(numberName(value), 'number')
    case 'object':
      return value === null || Array.isArray(value) ? undefined : rewriteObject(value)
    default:
      return undefined
  }
}

function rewriteObject(value: object): Rewritten | undefined {
  if (value instanceof Date) return leaf(value.toISOString(), 'Date')
  if (value instanceof Map) return container([...value], 'map')
  if (value instanceof Set) return container([...value], 'set')
  if (value instanceof URL) return leaf(value.toString(), 'URL')
  if (value instanceof Error) {
    const told = { name: String(value.name), message: String(value.message) }
    return container('cause' in value ? { ...told, cause: value.cause } : told, 'Error')
  }
  if (!ArrayBuffer.isView(value)) return undefined
  // `classify` lets no other view pass.
  return leaf([...(value as Uint8Array)], ['typed-array', value.constructor.name])
}

function leaf(json: unknown, annotation: Annotation): Rewritten {
  return { json, annotation, notes: undefined }
}

function container(members: object, annotation: Annotation): Rewritten {
  const notes: Notes = {}
  const json = inside(members, '', notes)
  return { json, annotation, notes: Object.keys(notes).length === 0 ? undefined : notes }
}

/** Notes what is inside of a plain value. Gives the value, or a copy of it where something had to be rewritten. */
function inside(value: object, prefix: string, notes: Notes): unknown {
  return Array.isArray(value) ? insideArray(value, prefix, notes) : insideRecord(value, prefix, notes)
}

/** Holes count: they are `undefined`. */
function insideArray(values: readonly unknown[], prefix: string, notes: Notes): unknown {
  let copy: unknown[] | undefined
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    if (isSurelyPlain(value)) continue
    const json = note(value, prefix + index, notes)
    if (json === value) continue
    copy ??= [...values]
    copy[index] = json
  }
  return copy ?? values
}

function insideRecord(record: object, prefix: string, notes: Notes): unknown {
  // Only read by its own names below.
  const members = record as Readonly<Record<string, unknown>>
  let copy: Record<string, unknown> | undefined
  for (const name in members) {
    const value = members[name]
    if (isSurelyPlain(value)) continue
    const json = note(value, prefix + escapeName(name), notes)
    if (json === value) continue
    copy ??= { ...members }
    copy[name] = json
  }
  return copy ?? record
}

function isSurelyPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || value === null
}

function note(value: unknown, path: string, notes: Notes): unknown {
  const rewritten = rewrite(value)
  if (rewritten === undefined) {
    return typeof value === 'object' && value !== null ? inside(value, `${path}.`, notes) : value
  }
  notes[path] = treeOf(rewritten)
  return rewritten.json
}

function treeOf({ annotation, notes }: Rewritten): unknown {
  return notes === undefined ? [annotation] : [annotation, notes]
}

function numberName(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
