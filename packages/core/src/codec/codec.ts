/** What the codec needs of a `Blob` or a `File`, wherever they come from: browsers, Node, Deno, or a library. */
export interface BlobLike {
  readonly size: number
  readonly type: string
  arrayBuffer(): Promise<ArrayBuffer>
}

/** A value as it stands in a message: JSON text, what JSON alone can't say about it, and bytes that travel beside it. */
export interface Encoded {
  readonly json: string
  /** JSON text that the same codec needs to decode the value; `undefined` for plain JSON. */
  readonly meta: string | undefined
  /**
   * The bytes that the value refers to by their index, from 0. Arrays are copies that nobody else has; blobs are the
   * caller's own, which never change, and are still to be read before the message leaves.
   */
  readonly attachments?: readonly (Uint8Array | BlobLike)[] | undefined
}

/** How values become JSON and come back. Both ends of a connection must use the same one. */
export interface Codec {
  /** @throws EncodeError where the value, or something in it, has no encoding. */
  encode(value: unknown): Encoded
  /**
   * The same with no attachments, for text that is kept: bytes stand in the JSON. `decode` reads it as any other.
   * A codec without bytes needs none: `encode` serves.
   * @throws EncodeError where the value, or something in it, has no encoding as text alone, as a blob.
   */
  encodeInline?(value: unknown): Encoded
  /**
   * Gets what `JSON.parse` made of `json` and `meta`, and the attachments in their order, blobs as bytes; may throw
   * anything on ill-formed input. Attachments may be views on a received frame, and the value may be a view on them.
   */
  decode(json: unknown, meta: unknown, attachments?: readonly Uint8Array[]): unknown
}
