import type { DataFrame } from '../protocol/frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { isMuch } from '../session/debt.ts'
import type { Holdings } from '../session/holdings.ts'
import { Queue } from '../session/queue.ts'

/**
 * What an end may have written and unacknowledged, since frames that wait aren't acknowledged; and four times as much, since
 * it counts characters of messages: a binary frame has up to three bytes for each, and one with little in it has as much around it.
 */
const MAX_CHARACTERS = 4 * PROTOCOL_LIMITS.windowCharacters

interface Waiting {
  readonly frame: DataFrame
  readonly characters: number
  /** Whether its first messages were handed over. */
  readonly isRest: boolean
}

/**
 * Frames of a peer that wait, where so much is kept for it that nothing more shall begin. They count as not received: its
 * window fills, and its calls wait at its own end. That is for one end of a session only: two that wait for each other to
 * take something would wait for ever. It stands apart, so that a page doesn't load it.
 */
export class HeldFrames {
  readonly #holdings: Holdings | undefined
  #rest: Waiting | undefined
  /** Made by the first frame that waits. */
  #waiting: Queue<Waiting> | undefined
  #characters = 0

  constructor(holdings?: Holdings) {
    this.#holdings = holdings
  }

  /** Characters of the frames that wait, or bytes of binary ones. */
  get characters(): number {
    return this.#characters
  }

  get isEmpty(): boolean {
    return this.#rest === undefined && (this.#waiting === undefined || this.#waiting.size === 0)
  }

  /** Whether another message may begin while so much is kept for the peer. */
  hasRoom(heldCharacters: number): boolean {
    return !isMuch(heldCharacters)
  }

  /** @throws ProtocolError `FLOOD` where more waits than the peer's window lets it send. */
  push(frame: DataFrame, characters: number): void {
    this.#count(characters)
    this.#waiting ??= new Queue()
    this.#waiting.push({ frame, characters, isRest: false })
    if (this.#characters <= MAX_CHARACTERS) return
    const message = `${this.#characters} characters came that were not acknowledged: expected at most ${MAX_CHARACTERS}.`
    throw new ProtocolError('FLOOD', message)
  }

  /** What is left of a frame goes on before all others. */
  keepRest(frame: DataFrame, characters: number): void {
    this.#count(characters)
    this.#rest = { frame, characters, isRest: true }
  }

  shift(): Waiting | undefined {
    const next = this.#rest ?? this.#waiting?.shift()
    this.#rest = undefined
    if (next !== undefined) this.#count(-next.characters)
    return next
  }

  clear(): void {
    this.#rest = undefined
    this.#waiting = undefined
    // Not by -0, which would make of what is counted a number that has to be kept apart.
    if (this.#characters > 0) this.#count(-this.#characters)
  }

  #count(characters: number): void {
    this.#characters += characters
    this.#holdings?.add(characters)
  }
}
