import { codecWith } from './create-codec.ts'

/** The default codec: no types but those that every Hotline knows. */
export const superjsonCodec = codecWith([])
