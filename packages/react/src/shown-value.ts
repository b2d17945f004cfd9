import type { Query } from '@tanstack/query-core'
import type { Layer } from './layer.ts'

/** What a cache entry shows: the server's value, and over it the changes that the value may not have yet. */
export class ShownValue {
  readonly #query: Query
  #server: unknown
  readonly #layers = new Set<Layer>()
  /** Reads that have begun. The result that counts is always the last one's. */
  #reads = 0
  #isWriting = false
  #shown: unknown

  constructor(query: Query) {
    this.#query = query
    this.#server = query.state.data
  }

  /** Whether what is being written at the moment comes from here. */
  get isWriting(): boolean {
    return this.#isWriting
  }

  /** What the server said last. */
  get server(): unknown {
    return this.#server
  }

  has(layer: Layer): boolean {
    return this.#layers.has(layer)
  }

  /** A read of the server's value begins. */
  readBegins(): void {
    this.#reads++
  }

  /** The read that began last gave this. */
  read(value: unknown): void {
    this.#server = value
    this.#confirm(this.#reads)
  }

  /** The server's value is another: `undefined` where there is none yet. */
  push(change: (value: unknown) => unknown): void {
    this.#server = change(this.#server)
    this.#confirm()
  }

  /** Somebody else has touched the entry. Where it shows what it showed, nobody has said anything new. */
  replaced(): void {
    const { data } = this.#query.state
    if (data !== this.#shown) this.#server = data
  }

  /** Changes the entry without taking the change for somebody else's. */
  write(change: () => void): void {
    this.#isWriting = true
    try {
      change()
    } finally {
      this.#isWriting = false
    }
  }

  add(layer: Layer): void {
    this.#layers.add(layer)
    this.#show()
  }

  /** Its change is not to be: rolled back, whatever came before and after it stays. */
  drop(layer: Layer): void {
    if (this.#layers.delete(layer)) this.#show()
  }

  /** The server has made the change. */
  answered(layer: Layer, result: unknown): void {
    layer.answer = { reads: this.#reads, result }
    this.#confirm()
  }

  /** Nobody looks, and who does next reads anew: until then the change stays as if the server had said so. */
  settle(layer: Layer): void {
    if (this.#server !== undefined) this.#server = layer.apply(this.#server)
    this.drop(layer)
  }

  /** Lets go of what the value has: by itself, or because reads before this one were answered too early to have it. */
  #confirm(reads = 0): void {
    for (const layer of this.#layers) {
      const { answer, isIn } = layer
      if (answer === undefined) continue
      if (answer.reads < reads || isIn?.(this.#server, answer.result) === true) this.#layers.delete(layer)
    }
    this.#show()
  }

  #show(): void {
    if (this.#server === undefined) return
    let value: unknown = this.#server
    for (const layer of this.#layers) value = layer.apply(value)
    if (value !== this.#query.state.data) this.write(() => this.#query.setData(value, { manual: true }))
    this.#shown = this.#query.state.data
  }
}
