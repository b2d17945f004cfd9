import { HotlineError, isPosition, isTracked, type Stream, type StreamObserver } from '@hotline/core'
import { checkItem, type Invocation, Observers, toReadableStream } from '@hotline/core/internal'
import { failureOf } from './local-failure.ts'

type Step = IteratorResult<unknown, unknown>
type Ending = { readonly value: unknown } | { readonly error: HotlineError }

interface Reader {
  resolve(step: Step): void
  reject(error: HotlineError): void
}

const OVER: Step = { done: true, value: undefined }

/** A subscription's iterable as a caller in the same process sees it: items checked, ids taken off, pulled as they are read. */
export class LocalStream implements Stream<unknown, unknown>, AsyncIterator<unknown, unknown, undefined> {
  readonly result: Promise<unknown>
  readonly #invocation: Invocation
  readonly #source: AsyncIterator<unknown>
  readonly #observers = new Observers()
  /** Who waits for an item. */
  readonly #readers = new Set<Reader>()
  #settle: { resolve(value: unknown): void; reject(error: unknown): void } | undefined
  #ending: Ending | undefined
  /** Whether a loop of its own reads for observers. */
  #isTelling = false

  constructor(invocation: Invocation, source: AsyncIterable<unknown>) {
    this.#invocation = invocation
    this.#source = source[Symbol.asyncIterator]()
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // Who doesn't ask for the result hears of an error where the items are read.
    this.result.catch(() => {})
  }

  next(): Promise<Step> {
    if (this.#ending !== undefined) return Promise.resolve(OVER)
    return new Promise((resolve, reject) => {
      const reader = { resolve, reject }
      this.#readers.add(reader)
      this.#read()
        .then(resolve, reject)
        .finally(() => this.#readers.delete(reader))
    })
  }

  async return(value?: unknown): Promise<Step> {
    // Who leaves it knows.
    this.#observers.clear()
    for (const { resolve } of this.#readers) resolve(OVER)
    await this.stop(new HotlineError('CANCELLED', undefined, { message: 'The stream was left before its end.' }))
    return { done: true, value }
  }

  /** Ends the stream from its reader's side, and waits until the source has cleaned up. Doing it twice is fine. */
  async stop(error: HotlineError): Promise<void> {
    if (this.#ending !== undefined) return
    this.#end({ error })
    this.#invocation.abort(error)
    try {
      await this.#source.return?.()
    } catch {
      // The error is told already; what cleaning up throws has nobody left to hear it.
    }
  }

  on(observer: StreamObserver<unknown>): () => void {
    const undo = this.#observers.add(observer)
    if (this.#ending !== undefined) this.#tellEnd(this.#ending)
    else if (!this.#isTelling) void this.#tell()
    return undo
  }

  toReadableStream(): ReadableStream<unknown> {
    return toReadableStream(this)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  async #read(): Promise<Step> {
    try {
      let step = await this.#source.next()
      while (step.done !== true && isPosition(step.value)) {
        if (step.value.isGap) this.#observers.word({ word: 'gap', missed: step.value.missed })
        step = await this.#source.next()
      }
      if (step.done === true) {
        this.#end({ value: step.value })
        return { done: true, value: step.value }
      }
      const given: unknown = step.value
      return { done: false, value: await checkItem(this.#invocation, isTracked(given) ? given.value : given) }
    } catch (thrown) {
      const error = failureOf(thrown, this.#invocation)
      await this.stop(error)
      throw error
    }
  }

  #end(ending: Ending): void {
    if (this.#ending !== undefined) return
    this.#ending = ending
    if ('error' in ending) {
      this.#settle?.reject(ending.error)
      // Whatever the handler waits for: who reads hears of it at once.
      for (const { reject } of this.#readers) reject(ending.error)
    } else this.#settle?.resolve(ending.value)
    this.#tellEnd(ending)
  }

  #tellEnd(ending: Ending): void {
    this.#observers.end('error' in ending ? ending.error : undefined)
  }

  /** Reads for as long as somebody observes the items; else they are left to a loop. */
  async #tell(): Promise<void> {
    this.#isTelling = true
    await undefined
    try {
      while (this.#observers.wantItems) {
        const step = await this.next()
        if (step.done === true) return
        this.#observers.item(step.value)
      }
    } catch {
      // The observers were told of the error, and it is all that `next` rejects with.
    } finally {
      this.#isTelling = false
    }
  }
}
