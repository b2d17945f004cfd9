const NO_BYTES = new Uint8Array(0)

/** Bytes that come in parts. They are copied together as they come, so that nothing else of what brought them is kept. */
export class GrowingBytes {
  #bytes = NO_BYTES
  #size = 0

  get size(): number {
    return this.#size
  }

  append(part: Uint8Array): void {
    const size = this.#size + part.byteLength
    if (size > this.#bytes.byteLength) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#bytes.byteLength))
      larger.set(this.#bytes.subarray(0, this.#size))
      this.#bytes = larger
    }
    this.#bytes.set(part, this.#size)
    this.#size = size
  }

  /** All that has come, in a buffer of exactly that size; afterwards nothing has. */
  take(): Uint8Array {
    const bytes = this.#size === this.#bytes.byteLength ? this.#bytes : this.#bytes.slice(0, this.#size)
    this.#bytes = NO_BYTES
    this.#size = 0
    return bytes
  }
}
