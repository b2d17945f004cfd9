import type { DataFrame } from '../protocol/frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import type { Debt } from '../session/debt.ts'
import type { Delivery, Taker } from '../session/delivery.ts'
import type { Holdings } from '../session/holdings.ts'
import { Queue } from '../session/queue.ts'
import { Assembly } from './assembly.ts'
import { checkSizes } from './check-sizes.ts'
import { deliver, type Peer, type Pieces } from './peer.ts'

/**
 * What an end may have written and unacknowledged, since frames that wait aren't acknowledged; and four times as much, since
 * it counts characters of messages: a binary frame has up to three bytes for each, and one with little in it has as much around it.
 */
const MAX_CHARACTERS = 4 * PROTOCOL_LIMITS.windowCharacters

/** More than this isn't kept by an end that takes in whatever comes: one frame can ask for any amount. */
const MOST_HELD_CHARACTERS = 64 * 1024 * 1024

interface Waiting {
  readonly frame: DataFrame
  readonly characters: number
}

/**
 * Hands the messages of frames to their calls. Where so much is kept for the peer that nothing more shall begin for it,
 * frames wait, and count as not received: its window fills, and its calls wait at its own end. That is for one end of a
 * session only: two that wait for each other to take something would wait for ever.
 */
export class Intake implements Pieces, Taker {
  readonly #delivery: Delivery
  readonly #debt: Debt | undefined
  readonly #peer: Peer
  readonly #holdings: Holdings | undefined
  #assembly: Assembly | undefined
  /** Of a frame that has been checked, and whose first messages were handed over. */
  #rest: Waiting | undefined
  /** Made by the first frame that waits. */
  #waiting: Queue<Waiting> | undefined
  #characters = 0

  /** Without a `debt` nothing ever waits. */
  constructor(delivery: Delivery, debt: Debt | undefined, peer: Peer) {
    this.#delivery = delivery
    this.#debt = debt
    this.#peer = peer
    this.#holdings = peer.holdings
  }

  /** Made by the first piece. */
  get assembly(): Assembly {
    this.#assembly ??= new Assembly(this.#peer.reads, this.#holdings)
    return this.#assembly
  }

  /** Characters of the frames that wait, or bytes of binary ones. */
  get characters(): number {
    return this.#characters
  }

  /** Bytes of the large message that comes in pieces. */
  get pieces(): number {
    return this.#assembly?.size ?? 0
  }

  /** @throws ProtocolError where the frame or a message in it breaks the protocol, or more comes than the peer's window lets it send. */
  takeFrame(frame: DataFrame, characters: number, now: number): void {
    if (this.#rest === undefined && !this.#hasWaiting && this.hasRoom()) return this.#handOver(frame, characters, now)
    // What waits for room mustn't keep the room from coming.
    this.#delivery.acknowledge(frame[1], now)
    this.#count(characters)
    this.#waiting ??= new Queue()
    this.#waiting.push({ frame, characters })
    if (this.#characters <= MAX_CHARACTERS) return
    const message = `${this.#characters} characters came that were not acknowledged: expected at most ${MAX_CHARACTERS}.`
    throw new ProtocolError('FLOOD', message)
  }

  /** @throws ProtocolError where the message breaks the protocol. */
  take(message: unknown): void {
    deliver(this.#peer, this, message)
  }

  /** @throws ProtocolError `SLOW_CONSUMER` where nothing ever waits, and far too much is kept for the peer. */
  hasRoom(): boolean {
    const { heldCharacters } = this.#delivery
    return this.#debt === undefined ? isBelowMost(heldCharacters) : !this.#debt.isMuch(heldCharacters)
  }

  /** The peer has taken something: what waits may go on, as far as there is room. */
  catchUp(now: number): void {
    const rest = this.#rest
    if (rest !== undefined) {
      this.#rest = undefined
      this.#count(-rest.characters)
      this.#goOn(rest, now)
    }
    while (this.#rest === undefined && this.hasRoom()) {
      const waiting = this.#waiting?.shift()
      if (waiting === undefined) return
      this.#count(-waiting.characters)
      this.#handOver(waiting.frame, waiting.characters, now)
    }
  }

  /** The connection is gone: on the next one the peer sends again what waits here. */
  clear(): void {
    this.#rest = undefined
    this.#waiting = undefined
    // Not by -0, which would make of what is counted a number that has to be kept apart.
    if (this.#characters > 0) this.#count(-this.#characters)
  }

  get #hasWaiting(): boolean {
    return this.#waiting !== undefined && this.#waiting.size > 0
  }

  #count(characters: number): void {
    this.#characters += characters
    this.#holdings?.add(characters)
  }

  #handOver(frame: DataFrame, characters: number, now: number): void {
    // Before anything is handed over: decoding makes of an item what it means, in its place.
    checkSizes(frame, characters)
    this.#goOn({ frame, characters }, now)
  }

  /** Room may run out in the middle of a frame, when it asks for much. */
  #goOn({ frame, characters }: Waiting, now: number): void {
    // Its share of the frame: what a message is exactly costs more to find out than it tells.
    const share = characters / (frame.length - 2)
    if (this.#holdings !== undefined) this.#holdings.messageSize = Math.ceil(share)
    const rest = this.#delivery.receive(frame, characters, now, this)
    if (rest === undefined) return
    this.#rest = { frame: rest, characters: Math.ceil(share * (rest.length - 2)) }
    this.#count(this.#rest.characters)
  }
}

/** @throws ProtocolError `SLOW_CONSUMER` where it isn't. */
function isBelowMost(heldCharacters: number): true {
  if (heldCharacters <= MOST_HELD_CHARACTERS) return true
  const message = `${heldCharacters} characters are kept for the peer: ${MOST_HELD_CHARACTERS} are the most.`
  throw new ProtocolError('SLOW_CONSUMER', message)
}
