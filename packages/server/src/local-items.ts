import { type CallOptions, HotlineError, type Source } from '@hotline/core'
import { acceptItem, type Endpoint, ItemReader, isSource, iterate, type SourceIterator } from '@hotline/core/internal'

/**
 * The items of a call, where it has some.
 * @throws TypeError for items that can't be read one by one, HotlineError `BAD_INPUT` where the procedure takes none.
 */
export function localItems(endpoint: Endpoint, options: CallOptions): LocalItems | undefined {
  if (!('items' in options) || options.items === undefined) return undefined
  const { items: source } = options
  if (!isSource(source)) {
    throw new TypeError('"items" can\'t be read: give an iterable, an async iterable or a ReadableStream.')
  }
  if (endpoint.definition.items === undefined) {
    const message = `"${endpoint.path}" takes no items: send what it needs as its input.`
    throw new HotlineError('BAD_INPUT', { issues: [] }, { message })
  }
  return new LocalItems(endpoint, source)
}

type Step = IteratorResult<unknown, undefined>

/** What a caller in the same process streams in: pulled as the handler reads, and checked as over the wire. */
export class LocalItems implements AsyncIterableIterator<unknown, undefined> {
  readonly #source: Source<unknown>
  readonly #reader: ItemReader
  /** Made when the handler asks for the first item; `undefined` again once there is nothing more to leave. */
  #iterator: SourceIterator | undefined
  /** Items that the handler has asked for and that the source hasn't been. */
  #wanted = 0
  #isPulling = false

  constructor(endpoint: Endpoint, source: Source<unknown>) {
    this.#source = source
    this.#reader = new ItemReader({
      check: (item) => acceptItem(endpoint, item),
      read: () => {},
      stop: () => void this.#leave(),
    })
  }

  /** What the handler was told of an item that doesn't fit: its caller's fault, and not its own. */
  get refusal(): HotlineError | undefined {
    return this.#reader.refusal
  }

  next(): Promise<Step> {
    const step = this.#reader.next()
    this.#wanted++
    void this.#pull()
    return step
  }

  return(): Promise<Step> {
    return this.#reader.return()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** The call is over: whoever still reads is told why, and the source is left. */
  end(reason: Error): void {
    this.#reader.fail(reason)
    void this.#leave()
  }

  async #pull(): Promise<void> {
    if (this.#isPulling) return
    this.#isPulling = true
    for (; this.#wanted > 0 && this.#reader.isOpen; this.#wanted--) await this.#pullOne()
    this.#isPulling = false
  }

  async #pullOne(): Promise<void> {
    try {
      this.#iterator ??= iterate(this.#source)
      const { done, value } = await this.#iterator.next()
      if (done !== true) return this.#reader.isOpen ? this.#reader.push(value, 0) : undefined
      this.#iterator = undefined
      this.#reader.end()
    } catch (thrown) {
      // One that fails as it is asked is over, as one that ends.
      this.#iterator = undefined
      this.#reader.fail(thrown)
    }
  }

  /** Nobody wants the rest. What the source throws then doesn't count, as where a loop is left by a throw. */
  async #leave(): Promise<void> {
    const iterator = this.#iterator
    this.#iterator = undefined
    try {
      await iterator?.return?.()
    } catch {}
  }
}
