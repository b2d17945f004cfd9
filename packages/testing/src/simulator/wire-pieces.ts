/** What has come of a message in pieces, one way. */
export class WirePieces {
  #text = ''
  #bytes = 0

  /** Gives the message with its last piece, and what is wrong with its bytes. */
  add(
    [, text, isLast, fields]: readonly unknown[],
    attachments: readonly Uint8Array[],
  ): { readonly message: unknown; readonly wrong: string | undefined } | undefined {
    this.#text += text
    for (const { byteLength } of attachments) this.#bytes += byteLength
    if (isLast !== true) return undefined
    // The ends have checked that it is an object.
    const { lengths = [] } = (fields ?? {}) as { readonly lengths?: readonly number[] }
    const stated = lengths.reduce((sum, length) => sum + length, 0)
    const wrong = stated === this.#bytes ? undefined : `${this.#bytes} bytes in pieces that were to be ${stated}`
    const message: unknown = JSON.parse(this.#text)
    this.#text = ''
    this.#bytes = 0
    return { message, wrong }
  }
}
