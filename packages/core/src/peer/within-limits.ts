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
  return {
    ...bareWithinLimits(codec, limits),
    encodeInline: (value) => checked((codec.encodeInline ?? codec.encode).call(codec, value), limits),
  }
}

/** Without `encodeInline`, for a client that answers no calls. */
export function bareWithinLimits(codec: Codec, limits: JsonLimits): Codec {
  return {
    encode: (value) => checked(codec.encode(value), limits),
    decode: (json, meta, attachments) => codec.decode(json, meta, attachments),
  }
}

function checked(encoded: Encoded, { depth, nodes }: JsonLimits): Encoded {
  const { json, meta = '' } = encoded
  const most = nodes - ROOM
  // Each counts at least one character: shorter text need not be looked through.
  if (json.length + meta.length <= most) return encoded
  try {
    scanJson(json + meta, 'The value', { depth, nodes: most })
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const message = `${error.message} Send less at once, or a stream of items.`
    throw new HotlineError('TOO_LARGE', undefined, { message })
  }
  return encoded
}
