import { isThenable } from '../contract/is-thenable.ts'
import { onAbort } from '../contract/on-abort.ts'
import { gap, type Position } from '../contract/tracked.ts'
import { Queue } from '../session/queue.ts'
import { Backlog } from './backlog.ts'
import type { EventIterator } from './events.ts'
import type { Pipe, Piped } from './pipe.ts'
import { capacityOf, type FeedOptions } from './when-full.ts'

type Step<Given> = IteratorResult<Given, void>

interface Reader<Given> {
  resolve(step: Step<Given>): void
  reject(error: unknown): void
}

/** Begins what pushes into a feed. Gives the undo, where there is one; a promise of that is waited for. What it throws ends the feed. */
export type Begin<Entry, Given> = (feed: Feed<Entry, Given>) => (() => unknown) | undefined

/**
 * One reader's end of something that isn't asked for its items: they are pushed, and go on to a reader who waits, or
 * into the pipe that has taken over, and else wait as the policy says. `give` makes of an entry what a loop sees.
 */
export class Feed<Entry, Given> implements EventIterator<Given | Position>, Piped<Entry | Position> {
  readonly #backlog: Backlog<Entry>
  readonly #give: (entry: Entry) => Given
  readonly #readers = new Queue<Reader<Given | Position>>()
  #state: 'open' | 'leaving' | 'ending' | 'over' = 'open'
  #failure: { readonly error: unknown } | undefined
  /** What the reader is told before everything else. */
  #start: Position | undefined
  #pipe: Pipe<Entry | Position> | undefined
  #undo: (() => unknown) | undefined
  /** Listens to its signal no more. */
  #ignore: (() => void) | undefined

  constructor(options: FeedOptions, give: (entry: Entry) => Given, begin: Begin<Entry, Given>) {
    this.#backlog = new Backlog(options.whenFull, capacityOf(options))
    this.#give = give
    if (options.signal?.aborted === true) this.#state = 'ending'
    else this.#begin(begin, options.signal)
  }

  /** Says where the stream begins. Before anything is pushed. */
  beginAt(position: Position): void {
    this.#start = position
  }

  /** An entry for the reader. A promise where whoever pushes has to wait. After the end it is dropped. Never throws. */
  push(entry: Entry): void | Promise<void> {
    if (this.#state !== 'open') return undefined
    if (!this.#hasMore) {
      const reader = this.#readers.shift()
      if (reader !== undefined) return reader.resolve({ done: false, value: this.#give(entry) })
      if (this.#pipe?.hasRoom === true) return this.#pipe.send(entry)
    }
    try {
      const room = this.#backlog.push(entry)
      this.#pipe?.wait()
      return room
    } catch (slow) {
      // Who is too slow has no time for the rest either.
      this.#start = undefined
      this.#backlog.forget()
      this.#end({ error: slow })
      return undefined
    }
  }

  /** Nothing more comes: the reader hears of it behind what waits. */
  end(): void {
    this.#end(undefined)
  }

  /** The source has failed: the reader hears of it behind what waits. */
  fail(error: unknown): void {
    this.#end({ error })
  }

  next(): Promise<Step<Given | Position>> {
    if (this.#hasMore) {
      const next = this.#take()
      return Promise.resolve({ done: false, value: 'position' in next ? next.position : this.#give(next.entry) })
    }
    if (this.#state === 'open' || this.#state === 'leaving')
      return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }))
    const failure = this.#failure
    this.#settle()
    return failure === undefined ? Promise.resolve(DONE) : Promise.reject(failure.error)
  }

  async return(): Promise<Step<Given | Position>> {
    const wasOpen = this.#state === 'open'
    this.#settle()
    this.#start = undefined
    this.#backlog.forget()
    for (let reader = this.#readers.shift(); reader !== undefined; reader = this.#readers.shift()) reader.resolve(DONE)
    if (wasOpen) await this.#leave()
    return DONE
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  '@hotline/piped'(pipe: Pipe<Entry | Position>): void {
    this.#pipe = pipe
    this.drain()
  }

  drain(): void {
    const pipe = this.#pipe
    if (pipe === undefined) return
    while (this.#hasMore && pipe.hasRoom) {
      const next = this.#take()
      pipe.send('position' in next ? next.position : next.entry)
    }
    if (this.#hasMore) return pipe.wait()
    if (this.#state !== 'ending') return
    const failure = this.#failure
    this.#settle()
    pipe.ended(failure)
  }

  get waiting(): number {
    return this.#backlog.size
  }

  get #hasMore(): boolean {
    return this.#start !== undefined || this.#backlog.size > 0
  }

  #begin(begin: Begin<Entry, Given>, signal: AbortSignal | undefined): void {
    this.#ignore = signal && onAbort(signal, () => this.end())
    try {
      this.#undo = begin(this)
    } catch (error) {
      return this.fail(error)
    }
    // It has ended before it has begun.
    if (this.#state !== 'open') this.#leaveAndTell()
  }

  #take(): { readonly position: Position } | { readonly entry: Entry } {
    const start = this.#start
    this.#start = undefined
    if (start !== undefined) return { position: start }
    const missed = this.#backlog.takeMissed()
    // Nothing was missed, so there is an entry; it may be `undefined` itself.
    return missed > 0 ? { position: gap(missed) } : { entry: this.#backlog.take() as Entry }
  }

  #end(failure: { readonly error: unknown } | undefined): void {
    if (this.#state !== 'open') return
    this.#failure = failure
    this.#leaveAndTell()
  }

  /** What the undo throws, or rejects with, is a defect that the end has to tell: so it waits for that. */
  #leaveAndTell(): void {
    this.#state = 'leaving'
    const fail = (error: unknown) => {
      if (this.#state === 'leaving') this.#failure = { error }
    }
    let undoing: unknown
    try {
      undoing = this.#leave()
    } catch (error) {
      fail(error)
    }
    if (!isThenable(undoing)) return this.#tellEnd()
    void Promise.resolve(undoing)
      .catch(fail)
      .then(() => this.#tellEnd())
  }

  #tellEnd(): void {
    // The reader may have left meanwhile.
    if (this.#state !== 'leaving') return
    this.#state = 'ending'
    // The first reader gets the ending itself, those behind it only that it is over.
    for (let reader = this.#readers.shift(); reader !== undefined; reader = this.#readers.shift()) {
      if (this.#failure === undefined) reader.resolve(DONE)
      else reader.reject(this.#failure.error)
      this.#settle()
    }
    this.drain()
  }

  #settle(): void {
    this.#state = 'over'
    this.#failure = undefined
  }

  /** Ends the following, once. Gives what the undo gave. */
  #leave(): unknown {
    this.#ignore?.()
    const undo = this.#undo
    this.#undo = undefined
    return undo?.()
  }
}

const DONE = /* @__PURE__ */ Object.freeze({ done: true, value: undefined }) satisfies Step<unknown>
