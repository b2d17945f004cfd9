const NO_BYTES = new Uint8Array(0)

/** Smaller parts are copied together: else a stranger could send them byte by byte, each with what it takes to keep it. */
const MIN_KEPT_BYTES = 16 * 1024

/** What a frame has around its only attachment, about. A buffer with more than that would be kept for what it has besides. */
const MOST_AROUND_BYTES = 256

/**
 * Bytes that come in parts. A part stays where it came until all are copied together, once, where it is all that its
 * buffer has; else it is copied at once. So at most twice as much is kept as has come.
 */
export class GrowingBytes {
  #parts: Uint8Array[] = []
  /** Behind `#parts`, copied: the first `#copiedSize` bytes count. */
  #copied = NO_BYTES
  #copiedSize = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The part must not change from now on. */
  append(part: Uint8Array): void {
    this.#size += part.byteLength
    if (part.byteLength < MIN_KEPT_BYTES) return this.#copy(part)
    this.#endCopied()
    const isAlone = part.buffer.byteLength - part.byteLength <= MOST_AROUND_BYTES
    this.#parts.push(isAlone ? part : new Uint8Array(part))
  }

  /** All that has come, in a buffer of exactly that size; afterwards nothing has. */
  take(): Uint8Array {
    this.#endCopied()
    const bytes = new Uint8Array(this.#size)
    let at = 0
    for (const part of this.#parts) {
      bytes.set(part, at)
      at += part.byteLength
    }
    this.#parts = []
    this.#size = 0
    return bytes
  }

  #copy(part: Uint8Array): void {
    const size = this.#copiedSize + part.byteLength
    if (size > this.#copied.byteLength) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#copied.byteLength))
      larger.set(this.#copied.subarray(0, this.#copiedSize))
      this.#copied = larger
    }
    this.#copied.set(part, this.#copiedSize)
    this.#copiedSize = size
  }

  #endCopied(): void {
    if (this.#copiedSize === 0) return
    this.#parts.push(this.#copied.subarray(0, this.#copiedSize))
    this.#copied = NO_BYTES
    this.#copiedSize = 0
  }
}
