import type { DataFrame } from '../protocol/frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import type { Debt } from '../session/debt.ts'
import type { Delivery } from '../session/delivery.ts'
import { Holdings } from '../session/holdings.ts'
import { Queue } from '../session/queue.ts'
import { Assembly } from './assembly.ts'
import { checkSizes } from './check-sizes.ts'
import { deliver, type Peer } from './peer.ts'

/** Twice what an end may have written and unacknowledged: frames that wait aren't acknowledged. */
const MAX_CHARACTERS = 2 * PROTOCOL_LIMITS.windowCharacters

interface Waiting {
  readonly frame: DataFrame
  readonly characters: number
}

/**
 * Hands the messages of frames to their calls. Where so much is kept for the peer that nothing more shall begin for it,
 * frames wait, and count as not received: its window fills, and its calls wait at its own end. That is for one end of a
 * session only: two that wait for each other to take something would wait for ever.
 */
export class Intake {
  readonly #delivery: Delivery
  /** `undefined` where nothing ever waits. */
  readonly #debt: Debt | undefined
  readonly #assembly: Assembly
  readonly #holdings: Holdings
  readonly #deliver: (message: unknown) => void
  readonly #waiting = new Queue<Waiting>()
  #characters = 0

  constructor(delivery: Delivery, debt: Debt | undefined, peer: Peer) {
    const holdings = peer.holdings ?? new Holdings()
    const assembly = new Assembly(peer.reads, holdings)
    this.#assembly = assembly
    this.#holdings = holdings
    this.#delivery = delivery
    this.#debt = debt
    this.#deliver = (message) => deliver(peer, assembly, message)
  }

  /** Characters of the frames that wait. */
  get characters(): number {
    return this.#characters
  }

  /** Bytes of the large message that comes in pieces. */
  get pieces(): number {
    return this.#assembly.size
  }

  /** @throws ProtocolError where the frame or a message in it breaks the protocol, or more comes than the peer's window lets it send. */
  take(frame: DataFrame, characters: number, now: number): void {
    if (this.#waiting.size === 0 && this.#hasRoom) return this.#handOver(frame, characters, now)
    // What waits for room mustn't keep the room from coming.
    this.#delivery.acknowledge(frame[1], now)
    this.#count(characters)
    this.#waiting.push({ frame, characters })
    if (this.#characters <= MAX_CHARACTERS) return
    const message = `${this.#characters} characters came that were not acknowledged: expected at most ${MAX_CHARACTERS}.`
    throw new ProtocolError('FLOOD', message)
  }

  /** The peer has taken something: what waits may go on, as far as there is room. */
  catchUp(now: number): void {
    while (this.#hasRoom) {
      const waiting = this.#waiting.shift()
      if (waiting === undefined) return
      this.#count(-waiting.characters)
      this.#handOver(waiting.frame, waiting.characters, now)
    }
  }

  /** The connection is gone: on the next one the peer sends again what waits here. */
  clear(): void {
    while (this.#waiting.shift() !== undefined);
    this.#count(-this.#characters)
  }

  get #hasRoom(): boolean {
    return this.#debt?.isMuch(this.#delivery.heldCharacters) !== true
  }

  #count(characters: number): void {
    this.#characters += characters
    this.#holdings.add(characters)
  }

  #handOver(frame: DataFrame, characters: number, now: number): void {
    // Before anything is handed over: decoding makes of an item what it means, in its place.
    checkSizes(frame, characters)
    // Its share of the frame: what a message is exactly costs more to find out than it tells.
    this.#holdings.messageSize = Math.ceil(characters / (frame.length - 2))
    this.#delivery.receive(frame, characters, now, this.#deliver)
  }
}
