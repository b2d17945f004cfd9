import SuperJSON from 'superjson'
import { classify } from './classify.ts'
import type { Codec, Encoded } from './codec.ts'
import { EncodeError } from './encode-error.ts'

/**
 * The default codec. Plain JSON costs JSON's price; Date, Map, Set, BigInt, undefined, NaN, -0, URL and typed arrays
 * travel in superjson's format (`json` beside `meta`), so other superjson tools can read them.
 */
export const superjsonCodec: Codec = { encode, decode }

function encode(value: unknown): Encoded {
  const shape = classify(value)
  if (shape === 'plain') return { json: JSON.stringify(value), meta: undefined }
  if (shape !== 'rich') throw new EncodeError(shape)
  const { json, meta } = SuperJSON.serialize(value)
  return { json: JSON.stringify(json), meta: meta === undefined ? undefined : JSON.stringify(meta) }
}

function decode(json: unknown, meta: unknown): unknown {
  if (meta === undefined) return json
  // superjson checks nothing of this: what is ill-formed throws or decodes to something the schema refuses.
  return SuperJSON.deserialize({ json, meta } as Parameters<typeof SuperJSON.deserialize>[0])
}
