import { HotlineError } from '../contract/hotline-error.ts'
import type { Stream, StreamObserver } from '../contract/stream.ts'
import { toReadableStream } from '../contract/to-readable-stream.ts'
import type { PositionFields } from '../protocol/message.ts'
import { Queue } from '../session/queue.ts'
import type { CreditPool } from './credit-pool.ts'
import { Inflow } from './inflow.ts'
import { Observers } from './observers.ts'
import { type StreamWord, tellsBoth } from './stream-word.ts'

type Ending = { readonly value: unknown } | { readonly error: HotlineError }
type Step = IteratorResult<unknown, unknown>

/** What is told of an ending that somebody has heard of already. */
const OVER: Ending = { value: undefined }

/** What waits to be read: an item, or word of what became of the stream at this point. */
type Entry = { readonly item: unknown; readonly size: number } | StreamWord

/** What a stream's reader tells the other end. */
export interface StreamHooks {
  /** The other end may end the stream. Called at most once, and not after the end. */
  stop(): void
  /** Items of this size more are welcome. */
  grant(size: number): void
}

interface Reader {
  resolve(step: Step): void
  reject(error: HotlineError): void
}

/** The receiving end of a stream: items wait here until a loop takes them or an observer is there. */
export class StreamReader implements Stream<unknown, unknown>, AsyncIterator<unknown, unknown, undefined> {
  readonly result: Promise<unknown>
  readonly flow: Inflow
  readonly #hooks: StreamHooks
  readonly #entries = new Queue<Entry>()
  readonly #readers = new Queue<Reader>()
  readonly #observers = new Observers()
  #ending: Ending | undefined
  #endingTold = false
  #hasStopped = false
  #isTelling = false
  /** Whether a loop reads the items. */
  #isLooped = false
  #settle: { resolve(value: unknown): void; reject(error: HotlineError): void } | undefined
  /** The id of the last event received. */
  lastEventId: string | undefined
  /** Whether nothing is missing when the stream goes on after `lastEventId`: the last event had one. */
  mayMove = false
  /** The word that was said last, with no item since. */
  #lastWord: StreamWord | undefined

  constructor(pool: CreditPool, hooks: StreamHooks) {
    this.flow = new Inflow(pool)
    this.#hooks = hooks
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // Who doesn't ask for the result hears of an error where the items are read.
    this.result.catch(() => {})
  }

  push(item: unknown, size: number, eventId: string | undefined): void {
    if (this.#ending !== undefined) return
    this.#lastWord = undefined
    if (eventId !== undefined) this.lastEventId = eventId
    this.mayMove = eventId !== undefined
    const reader = this.#readers.shift()
    if (reader !== undefined) {
      reader.resolve({ done: false, value: item })
      return this.#hasRead(size)
    }
    this.#entries.push({ item, size })
    this.#tell()
  }

  /** The producer says where the stream stands. */
  moveTo({ eventId, gap = false, missed }: PositionFields): void {
    if (this.#ending !== undefined) return
    if (eventId !== undefined) {
      this.lastEventId = eventId
      this.mayMove = true
    }
    if (gap) this.#say({ word: 'gap', missed })
  }

  /** The stream was opened anew after a lost session. */
  reopened(): void {
    this.#grant(this.flow.resume())
    this.#say({ word: this.mayMove ? 'resumed' : 'gap', missed: undefined })
  }

  end(value: unknown): void {
    this.#finish({ value })
  }

  fail(error: HotlineError): void {
    this.#finish({ error })
  }

  on(observer: StreamObserver<unknown>): () => void {
    const undo = this.#observers.add(observer)
    this.#tell()
    return undo
  }

  next(): Promise<Step> {
    this.#isLooped = true
    const waiting = this.#nextItem()
    if (waiting !== undefined) return Promise.resolve({ done: false, value: waiting.item })
    // What came before the end has been read: now the observers beside the loop may hear of it.
    this.#tell()
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject })
      this.#endReaders()
    })
  }

  /** Leaving a loop: stops the producer and forgets what wasn't read. */
  return(value?: unknown): Promise<Step> {
    this.stop()
    return Promise.resolve({ done: true, value })
  }

  /** Ends the stream from this side: whoever reads it gets nothing more. Doing it twice is fine. */
  stop(): void {
    if (this.#hasStopped) return
    this.#hasStopped = true
    this.#entries.clear()
    this.flow.forget()
    this.#observers.clear()
    this.#endingTold = true
    if (this.#ending !== undefined) return
    this.#hooks.stop()
    this.#finish({
      error: new HotlineError('CANCELLED', undefined, { message: 'The stream was left before its end.' }),
    })
  }

  toReadableStream(): ReadableStream<unknown> {
    return toReadableStream(this)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop()
  }

  #finish(ending: Ending): void {
    if (this.#ending !== undefined) return
    this.#ending = ending
    this.flow.end()
    if ('error' in ending) this.#settle?.reject(ending.error)
    else this.#settle?.resolve(ending.value)
    this.#endReaders()
    this.#tell()
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

  /** Tells the observers what waits. Where none of them takes items, these are left to a loop. */
  #tell(): void {
    // Who is told something may add an observer: what comes next isn't told before all have heard of this.
    if (this.#observers.size === 0 || this.#isTelling) return
    if (this.#observers.wantItems) this.#tellItems()
    const ending = this.#ending
    // A loop has yet to read what came before the end.
    if (ending === undefined || (this.#isLooped && this.#entries.size > 0)) return
    this.#sayAllWords()
    if ('value' in ending) this.#observers.end(undefined)
    // Who stopped it knows.
    else if (this.#hasStopped) this.#observers.clear()
    else this.#observers.end(ending.error)
  }

  #tellItems(): void {
    this.#isTelling = true
    for (let next = this.#nextItem(); next !== undefined; next = this.#nextItem()) {
      this.#observers.item(next.item)
    }
    this.#isTelling = false
  }

  /** The word reaches the observers when all items before it have been read. */
  #say(word: StreamWord): void {
    // The same again before the next item must not pile up.
    if (this.#entries.size > 0 && tellsBoth(this.#lastWord, word)) return
    this.#lastWord = word
    this.#entries.push(word)
    this.#sayWords()
  }

  #nextItem(): { readonly item: unknown } | undefined {
    this.#sayWords()
    const next = this.#entries.shift()
    if (next === undefined || !('item' in next)) return undefined
    this.#hasRead(next.size)
    return next
  }

  #hasRead(size: number): void {
    this.#grant(this.flow.read(size))
  }

  #grant(credit: number): void {
    if (credit > 0) this.#hooks.grant(credit)
  }

  /** Where nobody reads the items, the observers hear of the end at once: and so of what lies before it. */
  #sayAllWords(): void {
    const items: Entry[] = []
    for (let next = this.#entries.shift(); next !== undefined; next = this.#entries.shift()) {
      if ('item' in next) items.push(next)
      else this.#observers.word(next)
    }
    for (const item of items) this.#entries.push(item)
  }

  #sayWords(): void {
    for (let next = this.#entries.peek(); next !== undefined && 'word' in next; next = this.#entries.peek()) {
      this.#entries.shift()
      this.#observers.word(next)
    }
  }
}
