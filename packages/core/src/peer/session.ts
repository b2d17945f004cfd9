import type { ControlFrame } from '../protocol/control.ts'
import { formatControl } from '../protocol/control.ts'
import { type DataFrame, isDataFrame } from '../protocol/frame.ts'
import type { Alarms, Sleeper } from '../session/alarms.ts'
import { Delivery } from '../session/delivery.ts'
import type { Environment } from '../session/environment.ts'
import { judge, type LivenessOptions } from '../session/liveness.ts'
import type { Outbox } from '../session/outbox.ts'
import type { Socket } from '../session/socket.ts'
import type { Outlet } from './outlet.ts'
import { deliver, type Peer, sweep } from './peer.ts'

/** The frames that belong to a session; the others belong to its connection. */
export type SessionFrame = DataFrame | (ControlFrame & readonly ['ack' | 'pong' | 'ping', ...unknown[]])

/** What a session tells the driver that holds it. */
export interface SessionHooks {
  /** Something waits to be sent, and there is no socket. */
  wantSocket(): void
  /** The peer was silent too long, or the socket refused a frame: the driver must give the socket up. */
  lostSocket(reason: string): void
  /** The peer has acknowledged something. */
  progressed(): void
}

export interface SessionOptions {
  readonly environment: Environment
  readonly alarms: Alarms
  readonly liveness: LivenessOptions
  readonly hooks: SessionHooks
  /** Makes the two sides of the calls; it may not call back into the session yet. */
  makePeer(outlet: Outlet): Peer
}

/**
 * Messages and calls between two ends, and the socket that carries them at the moment, if there is one. It reads, pumps,
 * acknowledges and watches; who opens sockets and when is its driver's business.
 */
export class Session implements Outlet, Sleeper {
  readonly delivery = new Delivery()
  readonly peer: Peer
  readonly #options: SessionOptions
  readonly #deliver: (message: unknown) => void
  readonly #flushNow: () => void
  #socket: Socket | undefined
  #isFlushing = false
  #heardAt = 0
  #hasAsked = false
  #hasEnded = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.peer = options.makePeer(this)
    this.#deliver = (message) => deliver(this.peer, message)
    this.#flushNow = () => this.#flush()
  }

  get outbox(): Outbox {
    return this.delivery.outbox
  }

  now(): number {
    return this.#options.environment.now()
  }

  /** The socket that carries the session from now on. */
  attach(socket: Socket): void {
    this.#socket = socket
    this.#heardAt = this.now()
    this.#hasAsked = false
    this.flushSoon()
    this.wakeAt(this.#heardAt)
  }

  flushSoon(): void {
    if (this.#isFlushing || this.#hasEnded) return
    if (this.#socket === undefined) return this.#options.hooks.wantSocket()
    this.#isFlushing = true
    this.#options.environment.defer(this.#flushNow)
  }

  wakeAt(at: number): void {
    if (!this.#hasEnded) this.#options.alarms.set(this, at)
  }

  /**
   * Takes in a frame of the session's own.
   * @throws ProtocolError where the frame or a message in it breaks the protocol.
   */
  take(frame: SessionFrame, characters: number): void {
    const now = this.now()
    this.#heardAt = now
    this.#hasAsked = false
    const { base } = this.delivery
    if (isDataFrame(frame)) this.delivery.receive(frame, characters, now, this.#deliver)
    else this.#takeControl(frame)
    if (this.delivery.base > base) this.#options.hooks.progressed()
    if (this.delivery.ackDueAt <= now || this.delivery.hasMore) this.flushSoon()
    else this.wakeAt(this.delivery.ackDueAt)
  }

  /** What is due at `now`: deadlines, an acknowledgement, a ping, or giving up the peer. */
  wake(now: number): number {
    if (this.#hasEnded) return Number.POSITIVE_INFINITY
    const next = sweep(this.peer, now)
    if (this.#socket === undefined) return next
    if (this.delivery.ackDueAt <= now) this.flushSoon()
    return Math.min(next, this.delivery.ackDueAt, this.#watch(now))
  }

  /** Nothing more goes or comes; handlers' signals abort. The calls that this end opened are left to its driver. */
  end(reason: Error): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#socket = undefined
    this.#options.alarms.delete(this)
    this.peer.responder.end(reason)
  }

  #takeControl(frame: Exclude<SessionFrame, DataFrame>): void {
    if (frame[0] === 'ping') this.#send(formatControl(['pong', this.delivery.takeAck()]))
    else this.delivery.acknowledge(frame[1])
  }

  #watch(now: number): number {
    const silence = { heardAt: this.#heardAt, waitingSince: this.peer.caller.awaitedSince, hasAsked: this.#hasAsked }
    const verdict = judge(silence, now, this.#options.liveness)
    if (verdict.name === 'ask') {
      this.#hasAsked = true
      this.#send(formatControl(['ping']))
    }
    if (verdict.name === 'dead') {
      const seconds = Math.round((now - this.#heardAt) / 1000)
      this.#lose(`Nothing was heard from the peer for ${seconds} s.`)
    }
    return verdict.wakeAt
  }

  #flush(): void {
    this.#isFlushing = false
    const now = this.now()
    for (;;) {
      if (this.#socket === undefined) return
      const frame = this.delivery.nextFrame(now)
      if (frame === undefined) break
      this.#send(frame)
    }
    if (this.delivery.ackDueAt <= now) this.#send(formatControl(['ack', this.delivery.takeAck()]))
    this.wakeAt(this.delivery.ackDueAt)
  }

  #send(frame: string): void {
    try {
      this.#socket?.send(frame)
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : 'The socket refused a frame.')
    }
  }

  #lose(reason: string): void {
    if (this.#socket === undefined) return
    this.#socket = undefined
    this.#options.hooks.lostSocket(reason)
  }
}
