import { HotlineError, isPosition, isTracked, type Stream, type StreamObserver } from '@hotline/core'
import { checkItem, type Invocation, Observers, Queue, toReadableStream } from '@hotline/core/internal'
import { failureOf } from './local-failure.ts'

type Step = IteratorResult<unknown, unknown>
type Ending = { readonly value: unknown } | { readonly error: HotlineError }

interface Reader {
  resolve(step: Step): void
  reject(error: HotlineError): void
}

/** What is told of an ending that somebody has heard of already. */
const OVER: Ending = { value: undefined }

/** A subscription's iterable as a caller in the same process sees it: items checked, ids taken off, pulled as they are read. */
export class LocalStream implements Stream<unknown, unknown>, AsyncIterator<unknown, unknown, undefined> {
  readonly result: Promise<unknown>
  readonly #invocation: Invocation
  readonly #source: AsyncIterator<unknown>
  readonly #observers = new Observers()
  /** Who waits for an item. */
  readonly #readers = new Queue<Reader>()
  #settle: { resolve(value: unknown): void; reject(error: unknown): void } | undefined
  #ending: Ending | undefined
  #endingTold = false
  #isReading = false
  /** An item that was read for observers who had left when it came. */
  #unread: { readonly item: unknown } | undefined

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
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject })
      this.#endReaders()
      void this.#read()
    })
  }

  async return(value?: unknown): Promise<Step> {
    // Who leaves it knows.
    this.#observers.clear()
    this.#endingTold = true
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
    void this.#read()
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

  /** Reads one item after the other, for as long as somebody waits for them. */
  async #read(): Promise<void> {
    if (this.#isReading) return
    this.#isReading = true
    try {
      // Whoever else comes in this turn hears of the first item, too.
      await undefined
      while (this.#ending === undefined && (this.#readers.size > 0 || this.#observers.wantItems)) await this.#readOne()
    } catch (thrown) {
      await this.stop(failureOf(thrown, this.#invocation))
    } finally {
      this.#isReading = false
    }
  }

  async #readOne(): Promise<void> {
    const unread = this.#unread
    this.#unread = undefined
    if (unread !== undefined) return this.#give(unread.item)
    const { done, value } = await this.#source.next()
    if (done === true) return this.#end({ value })
    if (!isPosition(value)) return this.#give(await checkItem(this.#invocation, isTracked(value) ? value.value : value))
    if (value.isGap) this.#observers.word({ word: 'gap', missed: value.missed })
  }

  #give(item: unknown): void {
    const reader = this.#readers.shift()
    if (reader !== undefined) reader.resolve({ done: false, value: item })
    else if (this.#observers.wantItems) this.#observers.item(item)
    else this.#unread = { item }
  }

  #end(ending: Ending): void {
    if (this.#ending !== undefined) return
    this.#ending = ending
    this.#unread = undefined
    if ('error' in ending) this.#settle?.reject(ending.error)
    else this.#settle?.resolve(ending.value)
    // Whatever the handler waits for: who reads hears of it at once.
    this.#endReaders()
    this.#tellEnd(ending)
  }

  /** The first reader gets the ending itself, those behind it only that it is over. */
  #endReaders(): void {
    while (this.#ending !== undefined && this.#readers.size > 0) {
      const reader = this.#readers.shift()
      const ending = this.#endingTold ? OVER : this.#ending
      this.#endingTold = true
      if ('error' in ending) reader?.reject(ending.error)
      else reader?.resolve({ done: true, value: ending.value })
    }
  }

  #tellEnd(ending: Ending): void {
    this.#observers.end('error' in ending ? ending.error : undefined)
  }
}
