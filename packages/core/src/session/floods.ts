import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { EmptyFrames } from './empty-frames.ts'
import type { Environment } from './environment.ts'
import { type Rate, TokenBucket } from './token-bucket.ts'

/** How often a peer may do what costs this end more than the peer. */
export interface FloodRates {
  /** Subscriptions opened, and calls cancelled while they run. */
  readonly opens: Rate
  /** Frames and messages that carry nothing. */
  readonly controls: Rate
}

/**
 * Counts what one peer does within its session, across its connections: an end to the line must not begin the count anew.
 * Calls that run to their end aren't counted. Of what is too much a further burst is refused, one by one; who goes on
 * behind that is closed.
 */
export class Floods {
  readonly frames = new EmptyFrames(this)
  readonly #rates: FloodRates
  readonly #clock: Pick<Environment, 'now'>
  // A full bucket knows nothing that a new one wouldn't: most peers never need one.
  #opens: TokenBucket | undefined
  /** What may be too much before that is a flood. */
  #excess: TokenBucket | undefined
  #controls: TokenBucket | undefined

  constructor(rates: FloodRates, clock: Pick<Environment, 'now'>) {
    this.#rates = rates
    this.#clock = clock
  }

  /**
   * A subscription wants to be opened. Gives how many milliseconds it has to wait; `undefined` where it may.
   * @throws ProtocolError `FLOOD` where too many were refused already.
   */
  open(): number | undefined {
    return this.#isTooMuch() ? this.opensInMs : undefined
  }

  /** Milliseconds until a subscription may be opened: 0 for now, Infinity for never. */
  get opensInMs(): number {
    this.#opens ??= new TokenBucket(this.#rates.opens)
    return this.#opens.retryAfterMs(this.#clock.now())
  }

  /**
   * A call that runs was cancelled. There is nothing to refuse: stopping its work is what everybody wants.
   * @throws ProtocolError `FLOOD` likewise.
   */
  cancel(): void {
    this.#isTooMuch()
  }

  /**
   * A credit came for a call none of whose items earned it.
   * @throws ProtocolError `FLOOD` where too much comes that carries nothing.
   */
  unearned(call: number): void {
    this.nothing(`A credit for call ${call} that no item earned`)
  }

  /**
   * A `ping` came, while so many bytes wait for the peer.
   * @throws ProtocolError `FLOOD` as `question` does.
   */
  ping(queuedBytes: number): void {
    this.question('A frame "ping"', queuedBytes)
  }

  /**
   * Something came that carries nothing: `what` names it.
   * @throws ProtocolError `FLOOD` where it comes too often.
   */
  nothing(what: string): void {
    this.#controls ??= new TokenBucket(this.#rates.controls)
    if (this.#controls.take(this.#clock.now())) return
    throw new ProtocolError('FLOOD', `${what} came, and too many frames before it that carry nothing: send fewer.`)
  }

  /**
   * Something came that carries nothing and is answered with as much, which no window bounds.
   * @throws ProtocolError `FLOOD` where it comes too often, or where answers wait unread.
   */
  question(what: string, queuedBytes: number): void {
    this.nothing(what)
    // Far above any window of messages.
    if (queuedBytes <= 4 * PROTOCOL_LIMITS.windowCharacters) return
    throw new ProtocolError('FLOOD', `${what} came while ${queuedBytes} bytes wait for this peer: read what comes.`)
  }

  #isTooMuch(): boolean {
    const now = this.#clock.now()
    this.#opens ??= new TokenBucket(this.#rates.opens)
    if (this.#opens.take(now)) return false
    this.#excess ??= new TokenBucket(this.#rates.opens)
    if (this.#excess.take(now)) return true
    throw new ProtocolError(
      'FLOOD',
      'Subscriptions are opened and calls are cancelled too fast, refused ones included.',
    )
  }
}
