import type { Codec } from '@hotline/core'
import { superjsonCodec } from '@hotline/core/internal'
import { type PlainJson, plainJson } from './plain-json.ts'

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
export function createHydration(codec: Codec = superjsonCodec): Hydration {
  return {
    dehydrate: { serializeData: (value) => plainJson(codec, value) },
    hydrate: {
      deserializeData(dehydrated) {
        // The page's own server has made it, a moment ago, as above.
        const { json, meta } = dehydrated as PlainJson
        return codec.decode(json, meta, [])
      },
    },
  }
}
