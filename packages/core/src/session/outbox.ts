import { Attached, isSmall, isWhole, type Packed } from '../protocol/packed.ts'
import { Pieces } from './pieces.ts'
import { Queue } from './queue.ts'

/** A message that gets its text when it is written, since it says how much time is left, or may be withdrawn until then. */
export interface Draft {
  /** Whether it is not to be written any more. */
  readonly isWithdrawn: boolean
  /** `undefined` where the message has been withdrawn. Called once. */
  write(now: number): Packed | undefined
}

export type Pending = Packed | Draft

/** Messages of one stream that wait for their turn. */
export class StreamLane {
  readonly queue = new Queue<Packed>()
  /** Characters of their text, and bytes of their attachments. */
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

/**
 * Calls that have their ids while they wait to go in pieces, at most. Others overtake them, and the other end lets no
 * more ids be left out (PROTOCOL.md, "Messages").
 */
export const MOST_OVERTAKEN = 256

/** The large message that is going out in pieces: one at a time, so that the receiver has to keep only one. */
interface Cutting {
  readonly lane: StreamLane
  readonly pieces: Pieces
}

/**
 * What waits without a number. No number means never sent. Small control goes first (a cancel, later credit), then
 * calls and results, then streams, one message of each in turn. Large messages take their turn with the streams, piece
 * by piece.
 */
export class Outbox {
  readonly #control = new Queue<Packed>()
  readonly #calls = new Queue<Pending>()
  readonly #turns = new Queue<StreamLane>()
  /** Results that go in pieces. Made by the first, as the next: most sessions have none. */
  #large: StreamLane | undefined
  /** Calls that go in pieces, and the control messages behind them. */
  #largeCalls: StreamLane | undefined
  #cutting: Cutting | undefined
  #characters = 0
  /** Drafts withdrawn since they were last swept out, some of which may have been taken. */
  #withdrawn = 0

  /** Characters of the messages whose text stands already, and bytes of their attachments. */
  get characters(): number {
    return this.#characters
  }

  get isEmpty(): boolean {
    return this.#control.size === 0 && this.#calls.size === 0 && this.#turns.size === 0
  }

  /** A cancel may be for a call whose pieces are still going out: then it stays behind them. */
  pushControl(message: Packed): void {
    const calls = this.#largeCalls
    if (calls !== undefined && calls.queue.size > 0) return this.pushStream(calls, message)
    this.#control.push(message)
    this.#characters += message.length
  }

  pushCall(message: Pending): void {
    this.#calls.push(message)
    this.#characters += sizeOf(message)
  }

  pushStream(lane: StreamLane, message: Packed): void {
    if (lane.queue.size === 0) this.#turns.push(lane)
    lane.queue.push(message)
    lane.characters += message.length
    this.#characters += message.length
  }

  /** A draft is withdrawn. Where there is no line nothing is taken, so at most half of what is kept may be such. */
  withdrew(): void {
    if (++this.#withdrawn * 2 > this.#calls.size) this.#sweepOut(({ isWithdrawn }) => isWithdrawn)
  }

  /** Forgets the calls that weren't written yet: they go another way. */
  withdrawDrafts(): void {
    this.#sweepOut(() => true)
  }

  /** The next message that hasn't been withdrawn, or a piece of one that is too large for the line. */
  take(now: number, isQuick: boolean): Packed | undefined {
    const goesWhole = isQuick ? isWhole : isSmall
    for (;;) {
      const pending = this.#control.shift() ?? this.#nextCall()
      if (pending === undefined) return this.#takeStream(goesWhole)
      this.#characters -= sizeOf(pending)
      const message = isDraft(pending) ? pending.write(now) : pending
      if (message === undefined) continue
      if (goesWhole(message)) return message
      this.pushStream(isDraft(pending) ? this.#laneOfCalls() : this.#laneOfResults(), message)
    }
  }

  #sweepOut(isGone: (draft: Draft) => boolean): void {
    this.#withdrawn = 0
    for (let left = this.#calls.size; left > 0; left--) {
      const pending = this.#calls.shift()
      if (pending !== undefined && !(isDraft(pending) && isGone(pending))) this.#calls.push(pending)
    }
  }

  #laneOfResults(): StreamLane {
    this.#large ??= new StreamLane()
    return this.#large
  }

  #laneOfCalls(): StreamLane {
    this.#largeCalls ??= new StreamLane()
    return this.#largeCalls
  }

  /** A call gets its id when it is written, so it waits where too many have theirs and wait for their pieces to go. */
  #nextCall(): Pending | undefined {
    const next = this.#calls.peek()
    const mustWait = next !== undefined && isDraft(next) && (this.#largeCalls?.queue.size ?? 0) >= MOST_OVERTAKEN
    return mustWait ? undefined : this.#calls.shift()
  }

  #takeStream(goesWhole: (message: Packed) => boolean): Packed | undefined {
    for (let left = this.#turns.size; left > 0; left--) {
      const lane = this.#turns.shift()
      const message = lane?.queue.peek()
      if (lane === undefined || message === undefined) return undefined
      const cutting = this.#cutting
      // Whatever may go whole by now: it goes on as it began.
      if (cutting?.lane === lane) return this.#cut(cutting, message)
      // While one goes in pieces, others aren't measured: each of its pieces would do that again.
      if (cutting === undefined ? goesWhole(message) : isSmall(message)) return this.#finish(lane, message)
      if (cutting === undefined) return this.#cut({ lane, pieces: new Pieces(message) }, message)
      this.#turns.push(lane)
    }
    return undefined
  }

  #cut(cutting: Cutting, message: Packed): Packed {
    const { lane, pieces } = cutting
    const piece = pieces.next()
    this.#cutting = pieces.isDone ? undefined : cutting
    if (pieces.isDone) this.#finish(lane, message)
    else this.#turns.push(lane)
    return piece
  }

  #finish(lane: StreamLane, message: Packed): Packed {
    lane.queue.shift()
    lane.characters -= message.length
    this.#characters -= message.length
    if (lane.queue.size > 0) this.#turns.push(lane)
    else lane.release()
    return message
  }
}

function isDraft(pending: Pending): pending is Draft {
  return typeof pending !== 'string' && !(pending instanceof Attached)
}

function sizeOf(pending: Pending): number {
  return isDraft(pending) ? 0 : pending.length
}
