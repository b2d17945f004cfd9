import type { DataFrame } from '../protocol/frame.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import type { Delivery, Taker } from '../session/delivery.ts'
import { Assembly } from './assembly.ts'
import { checkSizes } from './check-sizes.ts'
import type { HeldFrames } from './held-frames.ts'
import { deliver, type Peer, type Pieces } from './peer.ts'

/** More than this isn't kept by an end that takes in whatever comes: one frame can ask for any amount. */
const MOST_HELD_CHARACTERS = 64 * 1024 * 1024

/** Hands the messages of frames to their calls: at once, or, where an end holds frames back, when there is room. */
export class Intake implements Pieces, Taker {
  readonly #delivery: Delivery
  readonly #held: HeldFrames | undefined
  readonly #peer: Peer
  #assembly: Assembly | undefined

  /** Without `held` nothing ever waits. */
  constructor(delivery: Delivery, held: HeldFrames | undefined, peer: Peer) {
    this.#delivery = delivery
    this.#held = held
    this.#peer = peer
  }

  /** Made by the first piece. */
  get assembly(): Assembly {
    this.#assembly ??= new Assembly(this.#peer.reads, this.#peer.holdings)
    return this.#assembly
  }

  /** Characters of the frames that wait, or bytes of binary ones. */
  get characters(): number {
    return this.#held?.characters ?? 0
  }

  /** Bytes of the large message that comes in pieces. */
  get pieces(): number {
    return this.#assembly?.size ?? 0
  }

  /** @throws ProtocolError where the frame or a message in it breaks the protocol, or more comes than the peer's window lets it send. */
  takeFrame(frame: DataFrame, characters: number, now: number): void {
    if (this.#held?.isEmpty !== false && this.hasRoom()) return this.#handOver(frame, characters, now)
    // What waits for room mustn't keep the room from coming.
    this.#delivery.acknowledge(frame[1], now)
    this.#held?.push(frame, characters)
  }

  /** @throws ProtocolError where the message breaks the protocol. */
  take(message: unknown): void {
    deliver(this.#peer, this, message)
  }

  /** @throws ProtocolError `SLOW_CONSUMER` where nothing ever waits, and far too much is kept for the peer. */
  hasRoom(): boolean {
    const { heldCharacters } = this.#delivery
    return this.#held === undefined ? isBelowMost(heldCharacters) : this.#held.hasRoom(heldCharacters)
  }

  /** The peer has taken something: what waits may go on, as far as there is room. */
  catchUp(now: number): void {
    while (this.hasRoom()) {
      const next = this.#held?.shift()
      if (next === undefined) return
      if (next.isRest) this.#goOn(next.frame, next.characters, now)
      else this.#handOver(next.frame, next.characters, now)
    }
  }

  /** The connection is gone: on the next one the peer sends again what waits here. */
  clear(): void {
    this.#held?.clear()
  }

  #handOver(frame: DataFrame, characters: number, now: number): void {
    // Before anything is handed over: decoding makes of an item what it means, in its place.
    checkSizes(frame, characters)
    this.#goOn(frame, characters, now)
  }

  /** Room may run out in the middle of a frame, when it asks for much. */
  #goOn(frame: DataFrame, characters: number, now: number): void {
    // Its share of the frame: what a message is exactly costs more to find out than it tells.
    const share = characters / (frame.length - 2)
    if (this.#peer.holdings !== undefined) this.#peer.holdings.messageSize = Math.ceil(share)
    const rest = this.#delivery.receive(frame, characters, now, this)
    if (rest !== undefined) this.#held?.keepRest(rest, Math.ceil(share * (rest.length - 2)))
  }
}

/** @throws ProtocolError `SLOW_CONSUMER` where it isn't. */
function isBelowMost(heldCharacters: number): true {
  if (heldCharacters <= MOST_HELD_CHARACTERS) return true
  const message = `${heldCharacters} characters are kept for the peer: ${MOST_HELD_CHARACTERS} are the most.`
  throw new ProtocolError('SLOW_CONSUMER', message)
}
