import type { BinaryFrame, Placed } from '../protocol/binary-frame.ts'
import type { DataFrame } from '../protocol/frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { frameShare, type Packed } from '../protocol/packed.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { Outbox } from './outbox.ts'
import { Ring } from './ring.ts'
import { Window } from './window.ts'

const { frameCharacters, ackMessages, ackCharacters, ackDelayMs } = PROTOCOL_LIMITS

/** Who takes the messages that come. */
export interface Taker {
  take(message: unknown): void
  /** Whether another may be handed over now. */
  hasRoom(): boolean
}

/**
 * One session's messages in both directions: numbers what goes out, keeps it until it is acknowledged, and hands over
 * what comes in once and in order. There is one pump, `nextFrame`, and one cursor: sending again is moving the cursor.
 */
export class Delivery {
  readonly outbox = new Outbox()
  readonly #ring = new Ring()
  readonly #window = new Window()
  /** The number of the next message to write on this connection; `base <= cursor <= tail`. */
  #cursor = 1
  /** The highest number ever written. */
  #written = 0
  #received = 0
  #unackedMessages = 0
  #unackedCharacters = 0
  #ackDueAt = Number.POSITIVE_INFINITY
  #duplicates = 0

  /** The number of the last message received in order and handed over. */
  get received(): number {
    return this.#received
  }

  /** The number of the oldest message that the peer has not acknowledged. */
  get base(): number {
    return this.#ring.base
  }

  /** The number of the newest message that was ever written. */
  get written(): number {
    return this.#written
  }

  /** When an acknowledgement must go even if nothing carries it. */
  get ackDueAt(): number {
    return this.#ackDueAt
  }

  /** Messages that the peer has not acknowledged. */
  get unacked(): number {
    return this.#ring.tail - this.#ring.base
  }

  /** Characters and attachments' bytes that are kept: written and not acknowledged, or waiting to be written. */
  get heldCharacters(): number {
    return this.#ring.characters + this.outbox.characters
  }

  /** Messages that came again and were skipped. */
  get duplicates(): number {
    return this.#duplicates
  }

  /** Whether `nextFrame` would give one. */
  get hasMore(): boolean {
    return this.#cursor < this.#ring.tail || (!this.outbox.isEmpty && this.#ring.characters < this.#window.characters)
  }

  /** Another connection carries the session: whatever the peer hasn't acknowledged is written again, from the oldest on. */
  rewind(): void {
    this.#cursor = this.#ring.base
    this.#window.begin()
  }

  /**
   * The peer has said on this connection what it has received before: nothing of that is written again.
   * @throws ProtocolError `BAD_SEQUENCE` where that was never written, or less than it has acknowledged.
   */
  confirm(received: number, now: number): void {
    this.acknowledge(received, now)
    if (received < this.#ring.base - 1) {
      throw new ProtocolError(
        'BAD_SEQUENCE',
        `The peer has ${received} messages: it acknowledged ${this.#ring.base - 1}.`,
      )
    }
    this.#cursor = Math.max(this.#cursor, this.#ring.base)
  }

  /**
   * The next frame to write, with as many messages as fit into `room` characters, bytes counted as such; `undefined`
   * where nothing waits, nothing fits, or the window is full. It is text unless one of its messages has attachments.
   */
  nextFrame(now: number, room: number = frameCharacters): string | BinaryFrame | undefined {
    const first = this.#cursor
    let messages = ''
    let placed: Placed[] | undefined
    for (let left = room; left > 0; ) {
      const message = this.#nextMessage(now, left)
      if (message === undefined) break
      left -= frameShare(message) + 1
      if (typeof message === 'string') {
        messages += `,${message}`
        continue
      }
      messages += `,${message.text}`
      placed ??= []
      placed.push({ index: this.#cursor - 1 - first, message })
    }
    if (messages === '') return undefined
    this.#written = Math.max(this.#written, this.#cursor - 1)
    this.#window.written(this.#written, this.#ring.characters, now)
    this.#ackSent()
    const text = `[${first},${this.#received}${messages}]`
    return placed === undefined ? text : { text, placed }
  }

  /**
   * Takes in a frame: trims what it acknowledges and hands each new message to `taker`, in order. Known numbers are
   * skipped. A message counts as received once it was taken. `length` is what the frame counts for: characters of text,
   * or bytes. Where there is no room for a message, it stops, and gives what is left of the frame.
   * @throws ProtocolError `BAD_SEQUENCE` for a gap or an acknowledgement ahead of what was sent, and whatever `taker` throws.
   */
  receive(frame: DataFrame, length: number, now: number, taker: Taker): DataFrame | undefined {
    const [seq, ack] = frame
    this.acknowledge(ack, now)
    if (seq > this.#received + 1) {
      throw new ProtocolError(
        'BAD_SEQUENCE',
        `A frame begins with number ${seq}: expected at most ${this.#received + 1}.`,
      )
    }
    let rest: DataFrame | undefined
    for (let index = 2; index < frame.length; index++) {
      if (seq + index - 2 <= this.#received) {
        this.#duplicates++
        continue
      }
      if (!taker.hasRoom()) {
        rest = [seq + index - 2, ack, ...frame.slice(index)]
        break
      }
      taker.take(frame[index])
      this.#received++
      this.#unackedMessages++
    }
    this.#unackedCharacters += length
    this.#scheduleAck(now)
    return rest
  }

  /** @throws ProtocolError `BAD_SEQUENCE` for an acknowledgement of a number that was never written. */
  acknowledge(received: number, now: number): void {
    if (received > this.#written) {
      throw new ProtocolError('BAD_SEQUENCE', `Number ${received} was acknowledged: expected at most ${this.#written}.`)
    }
    this.#window.acknowledged(received, now)
    this.#ring.trim(received + 1)
  }

  /** What a lone acknowledgement or a `pong` must say. Afterwards none is due. */
  takeAck(): number {
    this.#ackSent()
    return this.#received
  }

  /** The message at the cursor. One that doesn't fit into `room` has its number, and waits in the ring for the next frame. */
  #nextMessage(now: number, room: number): Packed | undefined {
    const written = this.#ring.at(this.#cursor)
    if (written !== undefined) {
      if (frameShare(written) > room && room < frameCharacters) return undefined
      this.#cursor++
      return written
    }
    if (this.#ring.characters >= this.#window.characters) return undefined
    const message = this.outbox.take(now, this.#window.isQuick)
    if (message === undefined) return undefined
    this.#ring.push(message)
    if (frameShare(message) > room && room < frameCharacters) return undefined
    this.#cursor++
    return message
  }

  #scheduleAck(now: number): void {
    if (this.#unackedMessages === 0) return
    const isFull = this.#unackedMessages >= ackMessages || this.#unackedCharacters >= ackCharacters
    this.#ackDueAt = isFull ? now : Math.min(this.#ackDueAt, now + ackDelayMs)
  }

  #ackSent(): void {
    this.#unackedMessages = 0
    this.#unackedCharacters = 0
    this.#ackDueAt = Number.POSITIVE_INFINITY
  }
}
