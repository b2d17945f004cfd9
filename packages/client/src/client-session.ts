import {
  type Alarms,
  Caller,
  type ControlFrame,
  formatControl,
  messageOf,
  NoProcedures,
  type Outlet,
  PROTOCOL_LIMITS,
  PROTOCOL_VERSION,
  type Resumed,
  SERVER_JSON,
  Session,
  type SessionHooks,
  SHARED_CLOSE_CODES,
  type Socket,
  utf8Bytes,
  type Welcome,
} from '@hotline/core/internal'
import type { Settings } from './options.ts'

/** What resumes a session. */
interface Ticket {
  readonly node: string
  readonly session: string
  readonly secret: string
}

/** 256 bits. */
const SECRET_CHARACTERS = 43

/** Codes after which the server doesn't know the session any more, or another has it. */
const ENDING_CODES: ReadonlySet<number> = new Set([SHARED_CLOSE_CODES.SUPERSEDED, SHARED_CLOSE_CODES.SLOW_CONSUMER])

/** Closes that a message may have caused: sent again and again, it would do so for ever. */
const POISON_CODES: ReadonlySet<number> = new Set([1002, 1003, 1007, 1009])

/** The client's side of its session, what resumes it, and the calls that go on into the next one when it is lost. */
export class ClientSession {
  readonly settings: Settings
  readonly #alarms: Alarms
  readonly #hooks: SessionHooks
  readonly #clientId: string
  #session: Session
  #ticket: Ticket | undefined
  #nonce: string
  /** How often this session's `hello` was said. An answer that never came leaves open whether what followed it has run. */
  #hellos = 0
  /** Counts greetings: a server takes only a higher one, so a delayed older attempt can't steal the line. */
  #generation = 0
  /** Messages that the server had when it answered the last greeting. */
  #serverReceived = 0
  /** Whether the last answer's secret follows one that ends when the server hears that it has arrived. */
  #hasNextSecret = false
  /** The deadline of the server's calls that state none. */
  serverTimeoutMs: number
  /** The oldest message not acknowledged when a socket ended as if a message had been poison. */
  #poisonedAt: number | undefined

  constructor(settings: Settings, alarms: Alarms, hooks: SessionHooks) {
    this.settings = settings
    this.#alarms = alarms
    this.#hooks = hooks
    this.serverTimeoutMs = settings.caller.timeoutMs
    this.#clientId = settings.environment.newId(21)
    this.#nonce = settings.environment.newId(SECRET_CHARACTERS)
    this.#session = this.#newSession((outlet) => new Caller(outlet, settings.caller))
  }

  /** Another one after each that is lost. */
  get current(): Session {
    return this.#session
  }

  get caller(): Caller {
    return this.#session.peer.caller
  }

  /** Whether nothing is open on it in either direction, and the server has all that was said. */
  get isAtRest(): boolean {
    const { delivery, peer } = this.#session
    return (
      peer.caller.calls.size === 0 && peer.responder.size === 0 && delivery.unacked === 0 && delivery.outbox.isEmpty
    )
  }

  /** Whether a server knows this session: then it is resumed, else it begins with `hello`. */
  get isKnown(): boolean {
    return this.#ticket !== undefined
  }

  /** The process that has the session. */
  get node(): string | undefined {
    return this.#ticket?.node
  }

  /** Greets the server, with as much behind the greeting as it may take before it answers. May throw what the socket throws. */
  greet(socket: Socket, auth: unknown, contract: string | undefined): void {
    const greeting = formatControl(this.#greeting(auth, contract))
    const left = PROTOCOL_LIMITS.greetingBytes - utf8Bytes(greeting)
    if (left < 0) throw new Error(`"auth" gave ${-left} bytes more than a greeting has room for: let it give less.`)
    socket.send(greeting)
    // What follows may have three bytes a character. Behind a repeated hello nothing may: it could be for a new process.
    const room = this.#hellos > 1 ? 0 : Math.floor(left / 3)
    this.#session.greet(socket, room)
  }

  /** Whether what was sent behind the last greeting was never sent before, so that its refusal says that none of it ran. */
  get isFirstAttempt(): boolean {
    return this.#hellos <= 1
  }

  /** The server has made the session, or found the one whose welcome was lost. */
  welcomed({ session, secret, node, received, timeoutMs }: Welcome): void {
    // The server that got the first hello may be gone, and have run what came with it.
    if (this.#hellos > 1 && received === 0) this.#restart('The answer to an earlier greeting was lost.')
    this.#hellos = 0
    this.#ticket = { session, secret, node }
    this.#hasNextSecret = false
    this.#serverReceived = received
    this.serverTimeoutMs = timeoutMs
  }

  /** The server has taken the session up. */
  resumed({ secret, received }: Resumed): void {
    if (this.#ticket !== undefined) this.#ticket = { ...this.#ticket, secret }
    this.#hasNextSecret = true
    this.#serverReceived = received
  }

  /** @throws ProtocolError `BAD_SEQUENCE` where the server says that it has what was never sent, or lacks what it acknowledged. */
  attach(socket: Socket): void {
    this.#session.attach(socket, this.#serverReceived)
    if (!this.#hasNextSecret) return
    // Naming the generation proves that the secret in its answer has arrived.
    const ack = formatControl(['ack', this.#session.delivery.takeAck(), this.#generation])
    try {
      socket.send(ack)
    } catch (error) {
      this.#hooks.lostSocket(messageOf(error))
    }
  }

  /** The client won't come back. A socket that takes nothing any more says so by its close. */
  sayBye(socket: Socket): void {
    try {
      socket.send(formatControl(['bye']))
    } catch {}
  }

  /** The socket ended with this code. Tells whether the session has ended with it. */
  detach(code: number): boolean {
    this.#session.detach()
    if (ENDING_CODES.has(code)) return true
    if (!POISON_CODES.has(code)) return false
    const { base } = this.#session.delivery
    const isAgain = this.#poisonedAt === base
    this.#poisonedAt = base
    return isAgain
  }

  /** Begins another session: what was never sent goes there, what may have run goes there marked. */
  lose(reason: string): void {
    this.#ticket = undefined
    this.#nonce = this.settings.environment.newId(SECRET_CHARACTERS)
    this.#hellos = 0
    this.#restart(reason)
  }

  #restart(reason: string): void {
    const { caller } = this
    this.#session.end(reason)
    this.#poisonedAt = undefined
    this.#session = this.#newSession(() => caller)
    caller.restart(this.#session)
  }

  #greeting(auth: unknown, contract: string | undefined): ControlFrame {
    const common = { version: PROTOCOL_VERSION, auth, generation: ++this.#generation }
    const { received } = this.#session.delivery
    if (this.#ticket !== undefined) {
      const { session, secret } = this.#ticket
      return ['resume', { ...common, session, secret, received }]
    }
    this.#hellos++
    const { timeoutMs } = this.settings.caller
    const seen = contract === undefined ? {} : { contract }
    return ['hello', { ...common, client: this.#clientId, nonce: this.#nonce, timeoutMs, ...seen }]
  }

  #newSession(makeCaller: (outlet: Outlet) => Caller): Session {
    const { environment, liveness } = this.settings
    return new Session({
      environment,
      alarms: this.#alarms,
      liveness,
      makePeer: (outlet) => ({
        caller: makeCaller(outlet),
        responder: this.settings.handlers?.answering(outlet, this) ?? new NoProcedures(outlet, 'even'),
        reads: SERVER_JSON,
      }),
      hooks: this.#hooks,
    })
  }
}
