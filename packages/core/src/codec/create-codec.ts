import { FORMAT_VERSION } from './annotation.ts'
import { toBase64 } from './base64.ts'
import { checkDepth } from './check-depth.ts'
import type { BlobLike, Codec, Encoded } from './codec.ts'
import { type CustomTypes, type Registered, registerTypes } from './custom-type.ts'
import { revive } from './revive.ts'
import { attach, Rewriting, refuse, rewrite } from './rewrite.ts'

export interface CodecOptions<Values extends object> {
  /** Types of your own, by the names that they have on the wire. */
  readonly types?: CustomTypes<Values>
}

/**
 * The codec that a connection has by itself, with types of your own. Plain JSON costs JSON's price; Date, Map, Set,
 * BigInt, undefined, NaN, -0, URL and errors travel in superjson's format (`json` beside `meta`); bytes and blobs go
 * beside the text. It is written and read by our own code, in linear time: superjson itself trusts what it reads, and
 * takes many times as long.
 * @throws TypeError for a type that isn't complete.
 */
export function createCodec<Values extends object>({ types }: CodecOptions<Values> = {}): Required<Codec> {
  return codecWith(types === undefined ? [] : registerTypes(types))
}

/** By itself, so that a page without types of its own doesn't load what checks them. */
export function codecWith(registered: readonly Registered[]): Required<Codec> {
  return { ...bareCodecWith(registered), encodeInline: (value) => encode(value, new Rewriting(registered, asText)) }
}

/** Without `encodeInline`: a page that keeps no values doesn't load how they become text alone. */
export function bareCodecWith(registered: readonly Registered[]): Codec {
  const byName = new Map(registered.map(({ name, type }) => [name, type]))
  return {
    encode: (value) => encode(value, new Rewriting(registered, attach)),
    decode: (json, meta, attachments = []) => {
      checkDepth(json)
      return meta === undefined ? json : revive(json, meta, { attachments, types: byName })
    },
  }
}

function encode(value: unknown, into: Rewriting): Encoded {
  const json = JSON.stringify(rewrite(into, value))
  const meta = into.tree === '' ? undefined : `{"values":${into.tree},"v":${FORMAT_VERSION}}`
  return { json, meta, attachments: into.attachments }
}

function asText(into: Rewriting, bytes: Uint8Array | BlobLike): string {
  if (bytes instanceof Uint8Array) return toBase64(bytes)
  return refuse(into, 'is a Blob, and only bytes can be kept as text: read it into a Uint8Array')
}
