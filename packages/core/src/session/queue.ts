/**
 * First in, first out, in constant time: the first entry, and the others in an array whose head moves, and is cut off now
 * and then. Most queues never have two, and need no array: a session has half a dozen of them.
 */
export class Queue<Entry> {
  #size = 0
  #first: Entry | undefined
  #others: (Entry | undefined)[] | undefined
  #head = 0

  get size(): number {
    return this.#size
  }

  push(entry: Entry): void {
    if (this.#size++ === 0) this.#first = entry
    else if (this.#others === undefined) this.#others = [entry]
    else this.#others.push(entry)
  }

  /** The entry that `shift` would give. */
  peek(): Entry | undefined {
    return this.#first
  }

  shift(): Entry | undefined {
    const entry = this.#first
    if (this.#size === 0) return undefined
    this.#size--
    this.#first = this.#others === undefined ? undefined : this.#shiftOthers(this.#others)
    return entry
  }

  clear(): void {
    this.#size = 0
    this.#first = undefined
    this.#others = undefined
    this.#head = 0
  }

  #shiftOthers(others: (Entry | undefined)[]): Entry | undefined {
    const entry = others[this.#head]
    others[this.#head++] = undefined
    if (this.#head === others.length) this.#others = undefined
    else if (this.#head < 1024 || this.#head * 2 < others.length) return entry
    else this.#others = others.slice(this.#head)
    this.#head = 0
    return entry
  }
}
