import { messageOf } from '../contract/message-of.ts'
import { type BinaryFrame, formatBinaryFrame } from '../protocol/binary-frame.ts'
import { formatControl } from '../protocol/control.ts'
import { type DataFrame, isDataFrame, type SessionFrame } from '../protocol/frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import type { Alarms, Sleeper } from '../session/alarms.ts'
import { Debt, isMuch } from '../session/debt.ts'
import { Delivery } from '../session/delivery.ts'
import type { Environment } from '../session/environment.ts'
import type { Outbox } from '../session/outbox.ts'
import { type Socket, sendFrame } from '../session/socket.ts'
import { Watch } from '../session/watch.ts'
import { Intake } from './intake.ts'
import type { Outlet } from './outlet.ts'
import { type Peer, sweep } from './peer.ts'
import type { SessionHooks, SessionOptions } from './session-options.ts'

/** Characters that a frame has beside its messages, at most. */
const FRAME_OVERHEAD = 40

/** What a call of this end takes in memory beside its input, until the other end's last word: measured. */
const CALL_CHARACTERS = 320

/**
 * Messages and calls between two ends, and the socket that carries them at the moment, if there is one. It reads, pumps,
 * acknowledges and watches; who opens sockets and when is its driver's business.
 */
export class Session<Sides extends Peer = Peer> implements Outlet, Sleeper {
  readonly delivery = new Delivery()
  readonly peer: Sides
  readonly #environment: Environment
  readonly #alarms: Alarms
  readonly #hooks: SessionHooks
  readonly #watch: Watch
  /** While much is kept for the peer, and it takes nothing of it. */
  #debt: Debt | undefined
  readonly intake: Intake
  readonly #flushNow: () => void
  #socket: Socket | undefined
  #isFlushing = false
  #hasEnded = false

  constructor(options: SessionOptions<Sides>) {
    // Not the options themselves: what made the peer has what was needed for that alone, a greeting for instance.
    this.#environment = options.environment
    this.#alarms = options.alarms
    this.#hooks = options.hooks
    this.#watch = new Watch(options.liveness, options.environment.random())
    this.peer = options.makePeer(this)
    this.intake = new Intake(this.delivery, options.held, this.peer)
    this.#flushNow = () => this.flush()
  }

  get outbox(): Outbox {
    return this.delivery.outbox
  }

  now(): number {
    return this.#environment.now()
  }

  get isAttached(): boolean {
    return this.#socket !== undefined
  }

  /** How long the peer last took to answer a greeting or a ping, in milliseconds. */
  get rttMs(): number | undefined {
    return this.#watch.rttMs
  }

  get isFull(): boolean {
    return this.#socket === undefined && this.delivery.heldCharacters > PROTOCOL_LIMITS.detachedCharacters
  }

  /**
   * Another socket will carry the session, if the peer agrees. Writes what waits behind the greeting, as far as it fits
   * into `room` characters; whether that counts is for the answer to say.
   */
  greet(socket: Socket, room: number): void {
    this.#watch.greeted(this.now())
    this.delivery.rewind()
    this.peer.caller.beginAttempt()
    for (let left = room - FRAME_OVERHEAD; left > 0; ) {
      const frame = this.delivery.nextFrame(this.now(), left)
      if (frame === undefined) return
      const sent = typeof frame === 'string' ? frame : formatBinaryFrame(frame)
      socket.send(sent)
      left -= sent.length + FRAME_OVERHEAD
    }
  }

  /**
   * The peer has agreed: the socket carries the session from now on, and the peer has `received` messages of it.
   * @throws ProtocolError `BAD_SEQUENCE` where the two ends don't agree on what was delivered.
   */
  attach(socket: Socket, received: number): void {
    this.delivery.confirm(received, this.now())
    this.peer.caller.confirmAttempt()
    this.#socket = socket
    const now = this.now()
    this.#watch.answered(now)
    this.#watch.begin(now)
    this.peer.floods?.frames.begin()
    this.flushSoon()
    this.wakeAt(now)
  }

  /** The socket is gone; what waits, waits for the next one. */
  detach(): void {
    this.#socket = undefined
    this.intake.clear()
  }

  flushSoon(): void {
    if (this.#isFlushing || this.#hasEnded) return
    if (this.#socket === undefined) {
      this.#settle()
      return this.#hooks.wantSocket()
    }
    this.#isFlushing = true
    this.#environment.defer(this.#flushNow)
  }

  wakeAt(at: number): void {
    // Most of what happens leaves nothing to wake for.
    if (at !== Number.POSITIVE_INFINITY && !this.#hasEnded) this.#alarms.set(this, at)
  }

  /**
   * Takes in a frame of the session's own, of `length` characters, or bytes if it was binary.
   * @throws ProtocolError where the frame or a message in it breaks the protocol.
   */
  take(frame: SessionFrame, length: number): void {
    const now = this.now()
    this.#watch.heard(now)
    const { base, received } = this.delivery
    if (isDataFrame(frame)) this.intake.takeFrame(frame, length, now)
    else this.#takeControl(frame)
    if (frame[0] === 'pong') this.#watch.answered(now)
    // Where all is acknowledged, whatever comes will do: a busy line needs no ping.
    if (frame[0] === 'pong' || this.delivery.base > base || this.delivery.unacked === 0) this.#watch.proven(now)
    if (this.delivery.base > base) {
      this.#watch.progressed()
      this.#debt = undefined
      this.intake.catchUp(now)
    } else this.peer.floods?.frames.check(frame, length, received)
    this.#settle()
    // A quiet line shows by its pings and pongs that it holds.
    const isQuiet = frame[0] === 'ping' || frame[0] === 'pong'
    if (this.delivery.base > base || (isQuiet && this.#watch.hasSettled(now))) this.#hooks.progressed()
    if (this.delivery.ackDueAt <= now || this.delivery.hasMore) this.flushSoon()
    else this.wakeAt(this.delivery.ackDueAt)
  }

  /** This side may have stood still: asks the peer, who has as long to answer as when an answer is awaited. */
  check(): void {
    if (this.#socket === undefined || this.#watch.hasAsked) return
    const dueAt = this.#watch.checked(this.now())
    this.#send(formatControl(['ping']))
    this.wakeAt(dueAt)
  }

  /** What is due at `now`: deadlines, an acknowledgement, a ping, or giving up the peer. */
  wake(now: number): number {
    const next = Math.min(sweep(this.peer, now), this.#debt?.dueAt ?? Number.POSITIVE_INFINITY)
    if (this.#socket === undefined) return next
    if (this.#isTooSlow(now)) return Number.POSITIVE_INFINITY
    const { ackDueAt } = this.delivery
    if (ackDueAt > now) return Math.min(next, ackDueAt, this.#look(now))
    // The flush sends the acknowledgement, and asks for the next wake.
    this.flushSoon()
    return Math.min(next, this.#look(now))
  }

  /** Nothing more goes or comes; handlers' signals abort. The calls that this end opened are left to its driver. */
  end(reason: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#socket = undefined
    this.#alarms.delete(this)
    this.peer.responder.end(reason)
    this.intake.clear()
  }

  #takeControl(frame: Exclude<SessionFrame, DataFrame>): void {
    if (frame[0] === 'ping') {
      this.peer.floods?.ping(this.#socket?.bufferedBytes ?? 0)
      this.#send(formatControl(['pong', this.delivery.takeAck()]))
    } else this.delivery.acknowledge(frame[1], this.now())
  }

  #look(now: number): number {
    const verdict = this.#watch.look(now, this.peer.caller.calls.awaitedSince)
    if (verdict.name === 'ask') this.#send(formatControl(['ping']))
    if (verdict.name === 'dead') {
      this.#lose(`The peer has not answered for ${Math.round(this.#watch.silenceMs(now) / 1000)} s.`)
    }
    return verdict.wakeAt
  }

  /** Writes what waits and may be written, at once: the socket is about to be closed. */
  flush(): void {
    this.#isFlushing = false
    const now = this.now()
    for (;;) {
      if (this.#socket === undefined) return this.#settle()
      const frame = this.delivery.nextFrame(now)
      if (frame === undefined) break
      this.#send(frame)
    }
    this.#settle()
    if (this.#isTooSlow(now)) return
    if (this.delivery.ackDueAt <= now) this.#send(formatControl(['ack', this.delivery.takeAck()]))
    const lookDueAt = this.#watch.lookDueAt(this.peer.caller.calls.awaitedSince)
    this.wakeAt(Math.min(this.delivery.ackDueAt, this.#debt?.dueAt ?? Number.POSITIVE_INFINITY, lookDueAt))
  }

  /** What is kept for the peer has changed. */
  #settle(): void {
    const { calls } = this.peer.caller
    this.peer.holdings?.queued(this.delivery.heldCharacters + calls.waitingCharacters + calls.size * CALL_CHARACTERS)
  }

  #isTooSlow(now: number): boolean {
    const { heldCharacters } = this.delivery
    if (!isMuch(heldCharacters)) {
      this.#debt = undefined
      return false
    }
    this.#debt ??= new Debt(now)
    const reason = this.#debt.judge(heldCharacters, now)
    if (reason !== undefined) this.#hooks.tooSlow(reason)
    return reason !== undefined
  }

  #send(frame: string | BinaryFrame): void {
    try {
      if (this.#socket !== undefined) sendFrame(this.#socket, frame)
    } catch (error) {
      this.#lose(messageOf(error))
    }
  }

  #lose(reason: string): void {
    if (this.#socket === undefined) return
    this.#socket = undefined
    this.#hooks.lostSocket(reason)
  }
}
