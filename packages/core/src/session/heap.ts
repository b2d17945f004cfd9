/** A binary heap: whatever comes before all others, by `isBefore`, is at its top. Putting in and taking out are logarithmic. */
export class Heap<Entry> {
  readonly #isBefore: (one: Entry, other: Entry) => boolean
  readonly #entries: Entry[] = []

  constructor(isBefore: (one: Entry, other: Entry) => boolean) {
    this.#isBefore = isBefore
  }

  get size(): number {
    return this.#entries.length
  }

  /** The entry that `shift` would take out. */
  get first(): Entry | undefined {
    return this.#entries[0]
  }

  push(entry: Entry): void {
    const entries = this.#entries
    let index = entries.length
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = entries[parentIndex]
      if (parent === undefined || !this.#isBefore(entry, parent)) break
      entries[index] = parent
      index = parentIndex
    }
    entries[index] = entry
  }

  shift(): Entry | undefined {
    const first = this.#entries[0]
    const last = this.#entries.pop()
    if (last !== undefined && this.#entries.length > 0) this.#sink(last)
    return first
  }

  /** Empties it. Gives what was in it, in no order. */
  takeAll(): Entry[] {
    return this.#entries.splice(0)
  }

  /** Finds the place of `entry` from the top down. */
  #sink(entry: Entry): void {
    const entries = this.#entries
    let index = 0
    for (;;) {
      let childIndex = index * 2 + 1
      let child = entries[childIndex]
      const right = entries[childIndex + 1]
      if (right !== undefined && child !== undefined && this.#isBefore(right, child)) {
        child = right
        childIndex++
      }
      if (child === undefined || !this.#isBefore(child, entry)) break
      entries[index] = child
      index = childIndex
    }
    entries[index] = entry
  }
}
