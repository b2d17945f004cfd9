/** A message, and what is wrong with its bytes. */
interface Whole {
  readonly message: unknown
  readonly wrong: string | undefined
}

/** What has come of a message in pieces, one way. */
export class WirePieces {
  #text = ''
  #bytes = 0

  /** Gives a message as it is, and one in pieces with its last. */
  add(message: unknown, attachments: readonly Uint8Array[]): Whole | undefined {
    // The ends check what messages are, and their pieces.
    const [word, text, isLast, fields] = message as readonly unknown[]
    if (word !== 'piece') return { message, wrong: undefined }
    this.#text += text
    for (const { byteLength } of attachments) this.#bytes += byteLength
    return isLast === true ? this.#finish((fields ?? {}) as { readonly lengths?: readonly number[] }) : undefined
  }

  #finish({ lengths = [] }: { readonly lengths?: readonly number[] }): Whole {
    const stated = lengths.reduce((sum, length) => sum + length, 0)
    const wrong = stated === this.#bytes ? undefined : `${this.#bytes} bytes in pieces that were to be ${stated}`
    const message: unknown = JSON.parse(this.#text)
    this.#text = ''
    this.#bytes = 0
    return { message, wrong }
  }
}
