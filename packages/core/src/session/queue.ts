/** First in, first out, in constant time: an array whose head moves, and is cut off now and then. */
export class Queue<Entry> {
  #entries: (Entry | undefined)[] = []
  #head = 0

  get size(): number {
    return this.#entries.length - this.#head
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
  }

  clear(): void {
    this.#head = 0
    this.#entries.length = 0
  }

  /** The entry that `shift` would give. */
  peek(): Entry | undefined {
    return this.#entries[this.#head]
  }

  shift(): Entry | undefined {
    if (this.#head === this.#entries.length) return undefined
    const entry = this.#entries[this.#head]
    this.#entries[this.#head++] = undefined
    if (this.#head === this.#entries.length) this.clear()
    else if (this.#head >= 1024 && this.#head * 2 >= this.#entries.length) this.#cut()
    return entry
  }

  #cut(): void {
    this.#entries = this.#entries.slice(this.#head)
    this.#head = 0
  }
}
