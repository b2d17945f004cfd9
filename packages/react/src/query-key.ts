import type { Codec } from '@hotline/core'
import { toPlainJson } from '@hotline/core/internal'
import type { QueryKey } from '@tanstack/query-core'

/** What keys are made with. */
export interface KeySettings {
  /** What all keys begin with, where several APIs share a cache. */
  readonly prefix: string | undefined
  readonly codec: Codec
  /** The path of a procedure, or of a group of them. */
  readonly names: readonly string[]
}

/** What a cache entry holds, since one procedure may have several kinds of them. */
export type KeyType = 'query' | 'infinite' | 'live' | 'streamed' | 'subscription'

/** The key of all that is below a path, of which those of its procedures are longer: `[prefix?, ['tasks']]`. */
export function pathKey({ prefix, names }: KeySettings): QueryKey {
  return prefix === undefined ? [names] : [prefix, names]
}

/**
 * The key of one entry: `[prefix?, ['tasks', 'list'], { type, input }]`. It is plain JSON, whatever the input is: what
 * JSON can't say stands beside it as `values`. So TanStack's own hash tells a BigInt from a string and one Map from
 * another, filters match parts of it, and it may be hydrated or persisted.
 * @throws EncodeError for an input that can't be sent either.
 */
export function entryKey(settings: KeySettings, type: KeyType, input?: unknown): QueryKey {
  return [...pathKey(settings), { type, ...keyOfInput(settings.codec, input) }]
}

function keyOfInput(codec: Codec, input: unknown): object {
  if (input === undefined) return {}
  // TanStack's `skipToken`. Without a mark, the entry of a skipped input would be that of no input.
  if (typeof input === 'symbol') return { skipped: true }
  let { json, meta } = toPlainJson(codec, input)
  // Where nothing stands beside it, nothing in it is `undefined`.
  if (meta) ({ json, meta } = toPlainJson(codec, withoutUndefined(input)))
  return { input: json, ...(meta !== undefined && { values: meta }) }
}

/** `{ done: undefined }` is `{}` in every key of TanStack's. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined)
  if ((value as object | null | undefined)?.constructor !== Object) return value
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([name, member]) =>
      member === undefined ? [] : [[name, withoutUndefined(member)]],
    ),
  )
}
