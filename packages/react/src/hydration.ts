import { type Codec, createCodec } from '@hotline/core'

/** What travels from a server's cache to a page's for one value. */
interface Dehydrated {
  readonly json: unknown
  readonly meta?: unknown
}

/** Default options of a `QueryClient`, at both ends. */
export interface Hydration {
  readonly dehydrate: { serializeData(value: unknown): unknown }
  readonly hydrate: { deserializeData(dehydrated: unknown): unknown }
}

/**
 * Takes what queries hold from a server that renders to the page, dates, maps and BigInts included:
 * `new QueryClient({ defaultOptions: { ...createHydration() } })` at both ends. What is dehydrated is plain JSON.
 * `codec` is that of your client, where it has one of its own.
 */
export function createHydration(codec: Codec = createCodec()): Hydration {
  return {
    dehydrate: {
      serializeData(value) {
        const { json, meta } = (codec.encodeInline ?? codec.encode).call(codec, value)
        const dehydrated: Dehydrated = { json: JSON.parse(json), ...(meta !== undefined && { meta: JSON.parse(meta) }) }
        return dehydrated
      },
    },
    hydrate: {
      deserializeData(dehydrated) {
        // The page's own server has made it, a moment ago, as above.
        const { json, meta } = dehydrated as Dehydrated
        return codec.decode(json, meta, [])
      },
    },
  }
}
