import { isBadInput } from '../contract/bad-input.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { Queue } from '../session/queue.ts'

type Step = IteratorResult<unknown, undefined>

interface Reader {
  resolve(step: Step | Promise<Step>): void
  reject(error: unknown): void
}

/** What becomes of what an `ItemReader` does. */
export interface ItemReaderHooks {
  /** What the schema makes of an item. Throws or rejects for one that it refuses. */
  check(item: unknown): unknown
  /** An item of this size was taken. */
  read(size: number): void
  /** Nobody wants the rest. */
  stop(): void
}

interface Entry {
  readonly item: unknown
  readonly size: number
}

/** What a handler reads as `items`: they wait here, unchecked, until it takes them. */
export class ItemReader implements AsyncIterableIterator<unknown, undefined> {
  readonly #hooks: ItemReaderHooks
  readonly #entries = new Queue<Entry>()
  readonly #readers = new Queue<Reader>()
  #ending: { readonly error: unknown } | 'complete' | undefined
  #refusal: HotlineError | undefined

  constructor(hooks: ItemReaderHooks) {
    this.#hooks = hooks
  }

  /** Whether there is something that the handler hasn't asked for. */
  get hasUnread(): boolean {
    return this.#entries.size > 0
  }

  /** Whether more may come. */
  get isOpen(): boolean {
    return this.#ending === undefined
  }

  /** What the handler was told of an item that doesn't fit. */
  get refusal(): HotlineError | undefined {
    return this.#refusal
  }

  push(item: unknown, size: number): void {
    const reader = this.#readers.shift()
    if (reader === undefined) this.#entries.push({ item, size })
    else reader.resolve(this.#taken({ item, size }))
  }

  /** No more items come. What has come may still be read. */
  end(): void {
    this.#ending ??= 'complete'
    for (let reader = this.#readers.shift(); reader !== undefined; reader = this.#readers.shift()) {
      reader.resolve({ done: true, value: undefined })
    }
  }

  /** The call is over, whatever has come: whoever reads is told why. */
  fail(error: unknown): void {
    if (this.#ending !== undefined && !this.hasUnread) return
    this.#ending = { error }
    this.#forget()
    for (let reader = this.#readers.shift(); reader !== undefined; reader = this.#readers.shift()) reader.reject(error)
  }

  next(): Promise<Step> {
    const entry = this.#entries.shift()
    if (entry !== undefined) return this.#taken(entry)
    const ending = this.#ending
    if (ending === undefined) return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }))
    if (ending === 'complete') return Promise.resolve({ done: true, value: undefined })
    this.#ending = 'complete'
    return Promise.reject(ending.error)
  }

  /** Leaving a loop: the caller needn't send the rest. */
  return(): Promise<Step> {
    this.#leave()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #taken({ item, size }: Entry): Promise<Step> {
    this.#hooks.read(size)
    try {
      return { done: false, value: await this.#hooks.check(item) }
    } catch (thrown) {
      this.#leave()
      // A schema that fails is a defect of the procedure, like a handler that does.
      if (isBadInput(thrown)) this.#refusal = thrown
      throw thrown
    }
  }

  #leave(): void {
    const wasOpen = this.isOpen
    this.end()
    // First, so that what is forgotten earns its sender no credit.
    if (wasOpen) this.#hooks.stop()
    this.#forget()
  }

  #forget(): void {
    for (let entry = this.#entries.shift(); entry !== undefined; entry = this.#entries.shift()) {
      this.#hooks.read(entry.size)
    }
  }
}

/** What a caller is told whose item can't be read. */
export function undecodableItem(path: string, cause: unknown): HotlineError {
  const message = `An item of "${path}" could not be decoded: use the same codec on both ends.`
  return new HotlineError('BAD_INPUT', { issues: [] }, { message, cause, mayHaveRun: true })
}
