import { HotlineError, isPosition, isTracked, type Stream, type StreamObserver } from '@hotline/core'
import { checkItem, type Invocation, toReadableStream } from '@hotline/core/internal'
import { failureOf } from './local-failure.ts'

type Step = IteratorResult<unknown, unknown>

/** A subscription's iterable as a caller in the same process sees it: items checked, ids taken off, pulled as they are read. */
export class LocalStream implements Stream<unknown, unknown>, AsyncIterator<unknown, unknown, undefined> {
  readonly result: Promise<unknown>
  readonly #invocation: Invocation
  readonly #source: AsyncIterator<unknown>
  readonly #observers = new Set<StreamObserver<unknown>>()
  #settle: { resolve(value: unknown): void; reject(error: unknown): void } | undefined
  #hasEnded = false

  constructor(invocation: Invocation, source: AsyncIterable<unknown>) {
    this.#invocation = invocation
    this.#source = source[Symbol.asyncIterator]()
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // Who doesn't ask for the result hears of an error where the items are read.
    this.result.catch(() => {})
  }

  async next(): Promise<Step> {
    if (this.#hasEnded) return { done: true, value: undefined }
    try {
      let step = await this.#source.next()
      while (step.done !== true && isPosition(step.value)) {
        if (step.value.isGap) for (const observer of this.#observers) observer.gap?.(step.value.missed)
        step = await this.#source.next()
      }
      if (step.done === true) return this.#finish(step.value)
      const given: unknown = step.value
      return { done: false, value: await checkItem(this.#invocation, isTracked(given) ? given.value : given) }
    } catch (thrown) {
      const error = failureOf(thrown, this.#invocation)
      await this.stop(error)
      throw error
    }
  }

  async return(value?: unknown): Promise<Step> {
    await this.stop(new HotlineError('CANCELLED', undefined, { message: 'The stream was left before its end.' }))
    return { done: true, value }
  }

  /** Ends the stream from its reader's side, and waits until the source has cleaned up. Doing it twice is fine. */
  async stop(error: HotlineError): Promise<void> {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#settle?.reject(error)
    this.#invocation.abort(error)
    // The error is told already; what cleaning up throws has nobody left to hear it.
    await this.#source.return?.().catch(() => {})
  }

  on(observer: StreamObserver<unknown>): () => void {
    if (this.#observers.size === 0) void this.#tell()
    this.#observers.add(observer)
    return () => this.#observers.delete(observer)
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

  #finish(value: unknown): Step {
    this.#hasEnded = true
    this.#settle?.resolve(value)
    return { done: true, value }
  }

  /** Reads for as long as somebody observes. */
  async #tell(): Promise<void> {
    await undefined
    try {
      while (this.#observers.size > 0) {
        const { done, value } = await this.next()
        for (const observer of [...this.#observers]) done === true ? observer.complete?.() : observer.next?.(value)
        if (done === true) return
      }
    } catch (error) {
      // `next` rejects with nothing else.
      for (const observer of [...this.#observers]) observer.error?.(error as HotlineError)
    }
  }
}
