import { HotlineError } from './hotline-error.ts'
import { applyUpdate, type LiveUpdate } from './live-update.ts'
import type { Stream, StreamObserver } from './stream.ts'
import { toReadableStream } from './to-readable-stream.ts'

/**
 * The stream of a live query as whole values: `for await (const list of liveValues(await api.todos.list.live()))`, or
 * `liveValues(stream).on({ next: (list) => ... })`. It is read instead of the stream, and stops it where it is left.
 * What is the same in two values is the very same object, so none may be changed. There are no gaps: after whatever was
 * missed comes the value as it is. A change that doesn't fit the value stops the stream and fails as `OUTCOME_UNKNOWN`.
 */
export function liveValues<Value, Result>(stream: Stream<LiveUpdate<Value>, Result>): Stream<Value, Result> {
  return new LiveValues(stream)
}

class LiveValues<Value, Result> implements Stream<Value, Result>, AsyncIterator<Value, Result, undefined> {
  readonly #stream: Stream<LiveUpdate<Value>, Result>
  readonly #updates: AsyncIterator<LiveUpdate<Value>, Result, undefined>
  readonly #observers = new Set<StreamObserver<Value>>()
  #last: LiveUpdate<Value> | undefined
  #value: Value | undefined

  constructor(stream: Stream<LiveUpdate<Value>, Result>) {
    this.#stream = stream
    this.#updates = stream[Symbol.asyncIterator]()
  }

  get result(): Promise<Result> {
    return this.#stream.result
  }

  async next(): Promise<IteratorResult<Value, Result>> {
    const step = await this.#updates.next()
    return step.done === true ? step : { done: false, value: this.#valueAfter(step.value) }
  }

  async return(): Promise<IteratorResult<Value, Result>> {
    await this.#stream[Symbol.asyncDispose]()
    // A loop that is left has no use for the result.
    return { done: true, value: undefined as Result }
  }

  on(observer: StreamObserver<Value>): () => void {
    const words: StreamObserver<LiveUpdate<Value>> = {
      error: (error) => observer.error?.(error),
      complete: () => observer.complete?.(),
      resumed: () => observer.resumed?.(),
    }
    const next = (update: LiveUpdate<Value>) => {
      let value: Value
      try {
        value = this.#valueAfter(update)
      } catch {
        return // every observer is told
      }
      observer.next?.(value)
    }
    this.#observers.add(observer)
    // Who doesn't take values leaves them to others.
    const undo = this.#stream.on(observer.next === undefined ? words : { ...words, next })
    return () => {
      this.#observers.delete(observer)
      undo()
    }
  }

  toReadableStream(): ReadableStream<Value> {
    return toReadableStream(this)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  /**
   * Every observer is told of the same update; it is applied for the first of them.
   * @throws HotlineError for one that doesn't fit: the stream is given up.
   */
  #valueAfter(update: LiveUpdate<Value>): Value {
    try {
      if (update !== this.#last) this.#value = applyUpdate(this.#value, update)
    } catch (cause) {
      throw this.#giveUp(cause)
    }
    this.#last = update
    // An update has been applied.
    return this.#value as Value
  }

  /** The stream says nothing any more to those who have observed it. What one of them throws is thrown on alone. */
  #giveUp(cause: unknown): HotlineError {
    const message = 'A change of a live query does not fit its value: the stream was left.'
    const error = new HotlineError('OUTCOME_UNKNOWN', undefined, { message, cause })
    void this.return()
    for (const observer of this.#observers) queueMicrotask(() => observer.error?.(error))
    return error
  }
}
