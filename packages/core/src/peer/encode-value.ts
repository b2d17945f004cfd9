import type { Codec } from '../codec/codec.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import type { ValueText } from '../protocol/format.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { utf8Bytes } from '../protocol/utf8.ts'

/** What a value may have: the rest of its message, headers say, needs room too. */
const MAX_VALUE_BYTES = PROTOCOL_LIMITS.messageBytes - 8 * 1024

/** Characters that surely fit, whatever they are: three bytes each at most. */
const SURE_CHARACTERS = Math.floor(MAX_VALUE_BYTES / 3)

/**
 * The text of a value in a message; `undefined` for `undefined`, which is left out where nothing follows it.
 * @throws HotlineError `NOT_ENCODABLE` or `TOO_LARGE`: the value fails its own call, and nothing else.
 */
export function encodeValue(codec: Codec, value: unknown, fieldsFollow: boolean): ValueText | undefined {
  if (value === undefined && !fieldsFollow) return undefined
  const text = encode(codec, value)
  const characters = text.json.length + (text.meta?.length ?? 0)
  if (characters > SURE_CHARACTERS) checkSize(text)
  return text
}

function encode(codec: Codec, value: unknown): ValueText {
  try {
    return codec.encode(value)
  } catch (cause) {
    // A getter or a proxy in the value may throw anything.
    const message = cause instanceof Error ? cause.message : 'The value could not be encoded.'
    throw new HotlineError('NOT_ENCODABLE', undefined, { message, cause })
  }
}

function checkSize({ json, meta }: ValueText): void {
  const bytes = utf8Bytes(json) + (meta === undefined ? 0 : utf8Bytes(meta))
  if (bytes <= MAX_VALUE_BYTES) return
  throw new HotlineError('TOO_LARGE', undefined, {
    message: `The value has ${bytes} bytes: a message carries at most ${MAX_VALUE_BYTES}.`,
  })
}
