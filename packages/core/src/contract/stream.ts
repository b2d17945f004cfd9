import type { HotlineError } from './hotline-error.ts'

/** Whatever can be read item by item. `getReader` stands for ReadableStream, which not every `lib` declares or iterates. */
export type Source<Item> = Iterable<Item> | AsyncIterable<Item> | ReadableSource<Item>

/** As much of a ReadableStream as is needed to read it. */
export interface ReadableSource<Item> {
  getReader(): SourceReader<Item>
}

/** As much of a ReadableStreamDefaultReader as is needed to read one and to give it up. */
export interface SourceReader<Item> {
  read(): Promise<{ done: boolean; value?: Item | undefined }>
  cancel?(reason?: unknown): Promise<void>
  releaseLock(): void
}

/** What an observer of a stream is told. After `error` or `complete` it is told nothing more. */
export interface StreamObserver<Item> {
  next?(item: Item): void
  error?(error: HotlineError): void
  complete?(): void
  /** Items may be missing between the last one and the next: read the state anew. `missed` is how many, where that is known. */
  gap?(missed?: number): void
  /** The stream was opened anew after a lost session and goes on where it stopped: nothing is missing. */
  resumed?(): void
}

/**
 * An open subscription. It is read once: by `for await`, or by observers. Leaving the loop, or disposing of the stream,
 * stops the handler at the other end.
 */
export interface Stream<Item, Result = void> extends AsyncIterable<Item, Result, undefined>, AsyncDisposable {
  /** What the handler returned at its end. Rejects as the stream does. */
  readonly result: Promise<Result>
  /** The items as a ReadableStream, for a `Response`, say. It is read instead of the stream itself; cancelling it stops the handler. */
  toReadableStream(): ReadableStream<Item>
  /** Adds an observer; the function it gives back removes it. */
  on(observer: StreamObserver<Item>): () => void
}
