import type { Codec } from './codec.ts'

/** A value as plain JSON: what JSON can't say is told beside it, in `meta`. */
export interface PlainJson {
  readonly json: unknown
  readonly meta?: unknown
}

/** A value for a store or a page that knows JSON only. @throws EncodeError for what can't be sent either. */
export function toPlainJson(codec: Codec, value: unknown): PlainJson {
  const { json, meta } = (codec.encodeInline ?? codec.encode).call(codec, value)
  return { json: JSON.parse(json), ...(meta !== undefined && { meta: JSON.parse(meta) }) }
}

/** What `toPlainJson` was given, by the same codec. It may take the JSON apart. May throw anything on ill-formed input. */
export function fromPlainJson(codec: Codec, { json, meta }: PlainJson): unknown {
  return codec.decode(json, meta, [])
}
