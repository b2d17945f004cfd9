/** A value as it stands in a message: JSON text, and what JSON alone can't say about it. */
export interface Encoded {
  readonly json: string
  /** JSON text that the same codec needs to decode the value; `undefined` for plain JSON. */
  readonly meta: string | undefined
}

/** How values become JSON and come back. Both ends of a connection must use the same one. */
export interface Codec {
  /** @throws EncodeError where the value, or something in it, has no encoding. */
  encode(value: unknown): Encoded
  /** Gets what `JSON.parse` made of `json` and `meta`; may throw anything on ill-formed input. */
  decode(json: unknown, meta: unknown): unknown
}
