import { annotate } from './annotate.ts'
import { FORMAT_VERSION, namesOf, PROTOTYPE_NAMES } from './annotation.ts'
import { classify } from './classify.ts'
import type { Codec, Encoded } from './codec.ts'
import { EncodeError } from './encode-error.ts'
import { revive } from './revive.ts'

/**
 * The default codec. Plain JSON costs JSON's price; Date, Map, Set, BigInt, undefined, NaN, -0, URL, errors and typed
 * arrays travel in superjson's format (`json` beside `meta`), so other superjson tools can read them. It is written and
 * read by our own code, in linear time: superjson itself trusts what it reads, and takes five times as long.
 */
export const superjsonCodec: Codec = { encode, decode }

function encode(value: unknown): Encoded {
  const shape = classify(value)
  if (shape === 'plain') return { json: JSON.stringify(value), meta: undefined }
  if (shape !== 'rich') throw new EncodeError(shape)
  const { json, values } = annotate(value)
  const meta = JSON.stringify({ values, v: FORMAT_VERSION })
  if (meta.includes('proto') || meta.includes('constructor')) checkPaths(values)
  return { json: JSON.stringify(json), meta }
}

/** Readers refuse a path to a prototype, and rightly so. */
function checkPaths(tree: unknown): void {
  const paths: unknown = Array.isArray(tree) ? tree[1] : tree
  for (const [path, inside] of Object.entries(paths ?? {})) {
    const name = namesOf(path).find((part) => PROTOTYPE_NAMES.has(part))
    if (name !== undefined)
      throw new EncodeError({ path: `.${path}`, reason: `has "${name}" in its path, which leads to prototypes` })
    checkPaths(inside)
  }
}

function decode(json: unknown, meta: unknown): unknown {
  return meta === undefined ? json : revive(json, meta)
}
