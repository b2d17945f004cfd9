import { type CallOptions, HotlineError } from '@hotline/core'
import {
  Caller,
  Floods,
  HeldFrames,
  Holdings,
  type Ledger,
  type Peer,
  Responder,
  Session,
  type SessionHooks,
  type Sleeper,
  type WatchedStream,
} from '@hotline/core/internal'
import type { Carrier, Claim } from './carrier.ts'
import { Ledgers } from './ledgers.ts'
import { SessionCalls } from './session-calls.ts'
import type { SessionHost, SessionOwner } from './session-host.ts'
import { type SecretVerdict, SessionSecrets } from './session-secret.ts'
import { SessionConnection, SessionView } from './session-view.ts'
import { StreamWatch } from './stream-watch.ts'

/** 256 bits. */
const SECRET_CHARACTERS = 43

/**
 * What a session takes in memory by itself: else any number of idle ones would count for nothing. Measured, and held by
 * test/limits/idle.test.ts.
 */
const OWN_CHARACTERS = 3.5 * 1024

/** What a session tells the registry that has it. */
export interface SessionKeeper {
  /** Where what all sessions hold is added up. */
  readonly held: Ledger
  detached(session: ServerSession): void
  ended(session: ServerSession): void
}

/** A client's session on this server: it outlives its connections, by the grace period at most. */
export class ServerSession implements Sleeper, SessionHooks {
  readonly id: string
  readonly principal: string | undefined
  readonly nonceKey: string
  readonly session: Session<Peer & { readonly responder: Responder }>
  readonly #host: SessionHost
  readonly #keeper: SessionKeeper
  readonly #secrets = new SessionSecrets()
  #watch: StreamWatch | undefined
  #view: SessionView | undefined
  /** What handlers see of the connection. */
  readonly seen = new SessionConnection(this)
  /** All that is kept for the client and from it. */
  readonly holdings: Holdings
  readonly ledgers: Ledgers
  /** Counts what the client does, across its connections. */
  readonly floods: Floods
  #generation = 0
  #connection: Carrier | undefined
  #expiresAt = Number.POSITIVE_INFINITY
  /** Why it has ended; `undefined` while it lives. */
  #ending: string | undefined

  constructor(host: SessionHost, keeper: SessionKeeper, { hello, principal, nonceKey }: SessionOwner) {
    const { environment, liveness } = host.settings
    this.id = environment.newId(21)
    this.principal = principal
    this.nonceKey = nonceKey
    this.#host = host
    this.#keeper = keeper
    this.ledgers = new Ledgers(keeper.held)
    this.holdings = new Holdings(this.ledgers)
    this.holdings.add(OWN_CHARACTERS)
    this.floods = new Floods(host.settings.floods, environment)
    this.session = new Session({
      environment,
      alarms: host.alarms,
      liveness,
      held: new HeldFrames(this.holdings),
      makePeer: (outlet) => ({
        caller: new Caller(outlet, host.settings.caller, this.holdings),
        responder: new Responder(outlet, 'odd', new SessionCalls(host, this, hello)),
        floods: this.floods,
        holdings: this.holdings,
      }),
      hooks: this,
    })
  }

  get isDetached(): boolean {
    return this.#connection === undefined
  }

  get state(): 'open' | 'away' | 'ended' {
    if (this.#ending !== undefined) return 'ended'
    return this.isDetached ? 'away' : 'open'
  }

  /** As the application sees it. */
  get view(): SessionView {
    this.#view ??= new SessionView(this, this.seen)
    return this.#view
  }

  /** Characters kept for the client. */
  get heldCharacters(): number {
    return this.session.delivery.heldCharacters
  }

  /** Whether this attempt of the client is its newest. */
  isNewer(generation: number): boolean {
    return generation > this.#generation
  }

  judgeSecret(secret: string): SecretVerdict {
    return this.#secrets.judge(secret)
  }

  /** The client has got what the answer to this generation carried. */
  confirm(generation: number): void {
    if (generation === this.#generation) this.#secrets.confirm()
  }

  /** Makes `connection` the session's own, in place of an older one. Gives the secret that its answer carries. */
  claim(connection: Carrier, { generation, context, presented }: Claim): string {
    const older = this.#connection
    this.#connection = connection
    this.#generation = generation
    if (presented !== undefined) this.#secrets.present(presented)
    this.#expiresAt = Number.POSITIVE_INFINITY
    this.seen.address = connection.address
    this.renew(context)
    this.session.detach()
    this.session.delivery.rewind()
    older?.end('SUPERSEDED', 'A newer connection took over this session.')
    const secret = this.#host.settings.environment.newId(SECRET_CHARACTERS)
    this.#secrets.issue(secret)
    return secret
  }

  /** What handlers of calls opened from now on get as their context. Streams that run are asked whether they still may. */
  renew(context: unknown): void {
    this.seen.context = context
    this.recheck()
  }

  /** Asks of every stream with a check whether it may go on. */
  recheck(): void {
    this.#watch?.askAll()
  }

  /** Asks of a stream of its client, again and again, whether it may go on. */
  watch(stream: WatchedStream): void {
    if (this.#ending !== undefined) return
    this.#watch ??= new StreamWatch(this.#host, this.principal, this.session.peer.responder.calls)
    this.#watch.add(stream)
  }

  /** Calls a procedure of its client. */
  call(path: string, input: unknown, options: CallOptions | undefined): Promise<unknown> {
    if (this.#ending === undefined) return this.session.peer.caller.call(path, input, options)
    return Promise.reject(new HotlineError('NOT_SENT', undefined, { message: this.#ending }))
  }

  /** `connection` is gone: the session waits for the next one. One that was replaced meanwhile changes nothing. */
  release(connection: Carrier): void {
    if (this.#connection !== connection) return
    this.#connection = undefined
    this.session.detach()
    if (this.#host.settings.limits.graceMs === 0)
      return this.end('Its connection was lost, and sessions have no grace period here.')
    this.#expiresAt = this.#host.settings.environment.now() + this.#host.settings.limits.graceMs
    this.#host.alarms.set(this, this.#expiresAt)
    this.#keeper.detached(this)
  }

  /** It holds more than any other when there is no room for all. */
  giveWay(): void {
    const reason = 'Too much was held for all clients, and for this one most of it.'
    if (this.#connection === undefined) return this.end(reason)
    this.#connection.end('SLOW_CONSUMER', reason)
  }

  /** The process is about to stop: tells its client of calls that nobody will run again. The connection is closed behind that. */
  cutOff(): void {
    this.session.peer.responder.cutOff()
    this.session.flush()
  }

  /** Ends it together with its connection, without a closing handshake: that would wait behind what was written before. */
  endAtOnce(reason: string): void {
    const connection = this.#connection
    this.end(reason)
    connection?.giveUp(reason)
  }

  lostSocket(reason: string): void {
    this.#connection?.giveUp(reason)
  }

  tooSlow(reason: string): void {
    this.#connection?.end('SLOW_CONSUMER', reason)
  }

  /** The client opens connections, and is the one to wait longer after a bad one. */
  wantSocket(): void {}
  progressed(): void {}

  wake(now: number): number {
    if (now < this.#expiresAt) return this.#expiresAt
    this.end('The client did not come back in time.')
    return Number.POSITIVE_INFINITY
  }

  /** Nothing resumes it any more: its handlers' signals abort, and calls of its client end by name. No other session gets them. */
  end(reason: string): void {
    this.#ending ??= `The session of this client has ended: ${reason}`
    this.#connection = undefined
    this.#host.alarms.delete(this)
    this.#watch?.end()
    this.#keeper.ended(this)
    this.session.end(reason)
    this.session.peer.caller.settleAll('NOT_SENT', this.#ending)
  }
}
