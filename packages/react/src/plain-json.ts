import type { Codec } from '@hotline/core'

/** A value as plain JSON: what JSON can't say is told beside it, in `meta`. */
export interface PlainJson {
  readonly json: unknown
  readonly meta?: unknown
}

/** @throws EncodeError for what can't be sent either. */
export function plainJson(codec: Codec, value: unknown): PlainJson {
  const { json, meta } = (codec.encodeInline ?? codec.encode).call(codec, value)
  return { json: JSON.parse(json), ...(meta !== undefined && { meta: JSON.parse(meta) }) }
}
