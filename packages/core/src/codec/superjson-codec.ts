import { bareCodecWith, codecWith } from './create-codec.ts'

/** The default codec: no types but those that every Hotline knows. */
export const superjsonCodec = /* @__PURE__ */ codecWith([])

/** The same for a client that answers no calls: it keeps no values as text. */
export const bareCodec = /* @__PURE__ */ bareCodecWith([])
