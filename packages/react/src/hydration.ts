import type { Codec } from '@hotline/core'
import { fromPlainJson, type PlainJson, superjsonCodec, toPlainJson } from '@hotline/core/internal'

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
    dehydrate: { serializeData: (value) => toPlainJson(codec, value) },
    // The page's own server has made it, a moment ago.
    hydrate: { deserializeData: (dehydrated) => fromPlainJson(codec, dehydrated as PlainJson) },
  }
}
