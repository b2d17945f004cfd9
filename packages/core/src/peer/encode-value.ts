import type { BlobLike, Codec, Encoded } from '../codec/codec.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { messageOf } from '../contract/message-of.ts'
import type { ValueText } from '../protocol/format.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { utf8Bytes } from '../protocol/utf8.ts'

/** What a value may have: the rest of its message, headers say, needs room too. */
const MAX_VALUE_BYTES = PROTOCOL_LIMITS.messageBytes - 8 * 1024

/** Characters that surely fit, whatever they are: three bytes each at most. */
const SURE_CHARACTERS = Math.floor(MAX_VALUE_BYTES / 3)

/**
 * A value as it goes into a message, its blobs still to be read; `undefined` for `undefined`, which is left out where
 * nothing follows it.
 * @throws HotlineError `NOT_ENCODABLE` or `TOO_LARGE`: the value fails its own call, and nothing else.
 */
export function encodeValue(codec: Codec, value: unknown): Encoded | undefined {
  return value === undefined ? undefined : checked(tryToEncode(codec, codec.encode, value))
}

/** Where something follows it, `undefined` has to be said. */
export function encodeUndefined(codec: Codec): ValueText {
  const { json, meta } = tryToEncode(codec, codec.encode, undefined)
  return { json, meta }
}

/**
 * A value as text alone, for what is kept: its bytes stand in the JSON.
 * @throws HotlineError as `encodeValue` does, and `NOT_ENCODABLE` for a blob.
 */
export function encodeInline(codec: Codec, value: unknown): ValueText {
  const { json, meta } = checked(tryToEncode(codec, codec.encodeInline ?? codec.encode, value))
  return { json, meta }
}

function checked(encoded: Encoded): Encoded {
  const characters = encoded.json.length + (encoded.meta?.length ?? 0)
  if (characters > SURE_CHARACTERS || encoded.attachments !== undefined) checkSize(encoded)
  return encoded
}

function tryToEncode(codec: Codec, how: Codec['encode'], value: unknown): Encoded {
  try {
    return how.call(codec, value)
  } catch (cause) {
    if (cause instanceof HotlineError) throw cause
    // A getter or a proxy in the value may throw anything.
    const message = cause instanceof Error ? messageOf(cause) : 'The value could not be encoded.'
    throw new HotlineError('NOT_ENCODABLE', undefined, { message, cause })
  }
}

/** What an encoded value counts for while it waits: characters, and bytes of its attachments. */
export function lengthOf({ json, attachments = [] }: Encoded): number {
  let length = json.length
  for (const attachment of attachments) length += sizeOf(attachment)
  return length
}

function checkSize({ json, meta, attachments = [] }: Encoded): void {
  let bytes = utf8Bytes(json) + (meta === undefined ? 0 : utf8Bytes(meta))
  for (const attachment of attachments) bytes += sizeOf(attachment)
  if (bytes > MAX_VALUE_BYTES) {
    throw tooLarge(`${bytes} bytes: a message carries at most ${MAX_VALUE_BYTES}. Send it in parts, as \`items\`.`)
  }
  if (attachments.length <= PROTOCOL_LIMITS.attachments) return
  throw tooLarge(`${attachments.length} byte arrays in it: a message carries at most ${PROTOCOL_LIMITS.attachments}.`)
}

function sizeOf(attachment: Uint8Array | BlobLike): number {
  return attachment instanceof Uint8Array ? attachment.byteLength : attachment.size
}

function tooLarge(what: string): HotlineError {
  return new HotlineError('TOO_LARGE', undefined, { message: `The value has ${what}` })
}
