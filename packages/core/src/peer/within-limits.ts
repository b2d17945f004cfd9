import type { Codec, Encoded } from '../codec/codec.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { type JsonLimits, scanJson } from '../protocol/scan-json.ts'

/** What the rest of a message may hold: its headers, say. */
const ROOM = 1_000

/**
 * The same codec, whose values fit what the reader of their messages takes: one that is refused here fails its own call,
 * and there it would end the session.
 */
export function withinLimits(codec: Codec, limits: JsonLimits): Codec {
  const most = { depth: limits.depth, nodes: limits.nodes - ROOM }
  return {
    encode: (value) => checked(codec.encode(value), most),
    encodeInline: (value) => checked((codec.encodeInline ?? codec.encode).call(codec, value), most),
    decode: (json, meta, attachments) => codec.decode(json, meta, attachments),
  }
}

/** Each counts at least one character: shorter text need not be looked through. */
function checked(encoded: Encoded, most: JsonLimits): Encoded {
  const { json, meta = '' } = encoded
  if (json.length + meta.length <= most.nodes) return encoded
  try {
    scanJson(json + meta, 'The value', most)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const message = `${error.message} Send less at once, or a stream of items.`
    throw new HotlineError('TOO_LARGE', undefined, { message })
  }
  return encoded
}
