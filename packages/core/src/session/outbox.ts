import { formatPiece } from '../protocol/format.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { Queue } from './queue.ts'

const { wholeCharacters, pieceCharacters } = PROTOCOL_LIMITS

/** A message that gets its text when it is written, since it says how much time is left, or may be withdrawn until then. */
export interface Draft {
  /** `undefined` where the message has been withdrawn. Called once. */
  write(now: number): string | undefined
}

export type Pending = string | Draft

/** Messages of one stream that wait for their turn. */
export class StreamLane {
  readonly queue = new Queue<string>()
  characters = 0
  #onEmpty: (() => void) | undefined

  /** Resolves when nothing waits any more, or when the waiting is called off. For one waiter at a time. */
  emptied(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve
    })
  }

  /** Nothing waits any more, or whoever waits for that needn't. */
  release(): void {
    this.#onEmpty?.()
    this.#onEmpty = undefined
  }
}

/** The large message that is going out in pieces: one at a time, so that the receiver has to keep only one. */
interface Cutting {
  readonly lane: StreamLane
  at: number
}

/**
 * What waits without a number. No number means never sent. Small control goes first (a cancel, later credit), then
 * calls and results, then streams, one message of each in turn. Large messages take their turn with the streams, piece
 * by piece.
 */
export class Outbox {
  readonly #control = new Queue<string>()
  readonly #calls = new Queue<Pending>()
  readonly #turns = new Queue<StreamLane>()
  /** Calls and results that go in pieces. */
  readonly #large = new StreamLane()
  #cutting: Cutting | undefined
  #characters = 0

  /** Characters of the messages whose text stands already. */
  get characters(): number {
    return this.#characters
  }

  get isEmpty(): boolean {
    return this.#control.size === 0 && this.#calls.size === 0 && this.#turns.size === 0
  }

  /** A cancel may be for a call whose pieces are still going out: then it stays behind them. */
  pushControl(message: string): void {
    if (this.#large.queue.size > 0) return this.pushStream(this.#large, message)
    this.#control.push(message)
    this.#characters += message.length
  }

  pushCall(message: Pending): void {
    this.#calls.push(message)
    this.#characters += sizeOf(message)
  }

  pushStream(lane: StreamLane, message: string): void {
    if (lane.queue.size === 0) this.#turns.push(lane)
    lane.queue.push(message)
    lane.characters += message.length
    this.#characters += message.length
  }

  /** Forgets the calls that weren't written yet: they go another way. */
  withdrawDrafts(): void {
    for (let left = this.#calls.size; left > 0; left--) {
      const pending = this.#calls.shift()
      if (typeof pending === 'string') this.#calls.push(pending)
    }
  }

  /** The text of the next message that hasn't been withdrawn. */
  take(now: number): string | undefined {
    for (;;) {
      const pending = this.#control.shift() ?? this.#calls.shift()
      if (pending === undefined) return this.#takeStream()
      this.#characters -= sizeOf(pending)
      const text = typeof pending === 'string' ? pending : pending.write(now)
      if (text === undefined) continue
      if (text.length <= wholeCharacters) return text
      this.pushStream(this.#large, text)
    }
  }

  #takeStream(): string | undefined {
    for (let left = this.#turns.size; left > 0; left--) {
      const lane = this.#turns.shift()
      const text = lane?.queue.peek()
      if (lane === undefined || text === undefined) return undefined
      if (text.length <= wholeCharacters) return this.#finish(lane, text)
      this.#cutting ??= { lane, at: 0 }
      if (this.#cutting.lane === lane) return this.#cut(this.#cutting, text)
      this.#turns.push(lane)
    }
    return undefined
  }

  #cut(cutting: Cutting, text: string): string {
    const end = pieceEnd(text, cutting.at)
    const piece = text.slice(cutting.at, end)
    cutting.at = end
    const isLast = cutting.at >= text.length
    if (isLast) {
      this.#cutting = undefined
      this.#finish(cutting.lane, text)
    } else {
      this.#turns.push(cutting.lane)
    }
    return formatPiece(piece, isLast)
  }

  #finish(lane: StreamLane, text: string): string {
    lane.queue.shift()
    lane.characters -= text.length
    this.#characters -= text.length
    if (lane.queue.size > 0) this.#turns.push(lane)
    else lane.release()
    return text
  }
}

/** Not between the two halves of a surrogate pair: readers that keep strings in UTF-8 could not join them again. */
function pieceEnd(text: string, start: number): number {
  const end = start + pieceCharacters
  const splitsPair = end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return splitsPair ? end - 1 : end
}

function sizeOf(pending: Pending): number {
  return typeof pending === 'string' ? pending.length : 0
}
