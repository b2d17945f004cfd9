import { type CallOptions, HotlineError } from '@hotline/core'
import {
  Alarms,
  Caller,
  CLOSE_CODES,
  type ClientAction,
  type ClientEvent,
  type ClientState,
  type ControlFrame,
  clientDeadline,
  closeReason,
  type Frame,
  formatControl,
  isDataFrame,
  type Outlet,
  PROTOCOL_LIMITS,
  PROTOCOL_VERSION,
  ProcedureTable,
  ProtocolError,
  parseFrame,
  type Refused,
  Responder,
  type Resumed,
  Session,
  type SessionFrame,
  type Sleeper,
  type Socket,
  sessionLost,
  stepClient,
  utf8Bytes,
  type Welcome,
} from '@hotline/core/internal'
import { type ConnectionState, visibleState } from './connection-state.ts'
import type { Settings } from './options.ts'
import type { OpenListener } from './web-socket.ts'

/** A client's line to its server: what `connectionOf(api)` gives. */
export interface Connection {
  readonly state: ConnectionState
  /** Calls `listener` after each change of `state`; gives the undo. Made for `useSyncExternalStore`. */
  subscribe(listener: () => void): () => void
  /** Connects now: before the first call, instead of waiting for the next attempt, or with better credentials. */
  connect(): void
  /** Ends it for good: what is open rejects with `CLOSED`. Closing twice is fine. */
  close(): void
}

interface Credentials {
  readonly session: string
  readonly secret: string
}

/** 256 bits. */
const SECRET_CHARACTERS = 43

/** Closes that a message may have caused: sent again and again, it would do so for ever. */
const POISON_CODES: ReadonlySet<number> = new Set([1002, 1003, 1007, 1009])

/** Drives a client's connection: feeds the machine with what happens, and does what it says. */
export class ClientConnection implements Connection, Sleeper {
  readonly #settings: Settings
  readonly #alarms: Alarms
  readonly #listeners = new Set<() => void>()
  readonly #clientId: string
  #machine: ClientState = { name: 'idle' }
  #visible: ConnectionState
  #socket: Socket | undefined
  #session: Session
  /** What resumes the session; `undefined` until its server has answered. */
  #credentials: Credentials | undefined
  #nonce: string
  /** Counts greetings: a server takes only a higher one, so a delayed older attempt can't steal the line. */
  #generation = 0
  /** Messages that the server had when it answered the last greeting. */
  #serverReceived = 0
  /** The oldest message not acknowledged when a socket ended as if a message had been poison. */
  #poisonedAt: number | undefined
  #authRuns = 0
  #refusal: Refused | undefined
  #contract: string | undefined

  constructor(settings: Settings) {
    this.#settings = settings
    this.#alarms = new Alarms(settings.environment)
    this.#clientId = settings.environment.newId(21)
    this.#nonce = settings.environment.newId(SECRET_CHARACTERS)
    this.#visible = visibleState(this.#machine, 0)
    this.#session = this.#newSession((outlet) => new Caller(outlet, settings.caller))
  }

  get state(): ConnectionState {
    return this.#visible
  }

  call(path: string, input: unknown, options: CallOptions | undefined): Promise<unknown> {
    const { name } = this.#machine
    if (name === 'closed' || name === 'unauthenticated') return Promise.reject(refusedCall(this.#machine))
    return this.#session.peer.caller.call(path, input, options)
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  connect(): void {
    this.#step({ name: 'connect' })
  }

  /** The network or the page came back. */
  hurry(): void {
    this.#step({ name: 'hurry', random: this.#settings.environment.random() })
  }

  close(): void {
    this.#step({ name: 'close' })
  }

  wake(): number {
    this.#step({ name: 'deadline', random: this.#settings.environment.random() })
    return clientDeadline(this.#machine)
  }

  #step(event: ClientEvent): void {
    const { environment, timeouts } = this.#settings
    const { state, actions } = stepClient(this.#machine, event, environment.now(), timeouts)
    const hasChanged = state !== this.#machine
    this.#machine = state
    for (const action of actions) this.#do(action)
    // Doing may have led to further steps, which have told of the state that came of them.
    if (!hasChanged || state !== this.#machine) return
    if (state.name === 'closed') this.#alarms.delete(this)
    else this.#alarms.set(this, clientDeadline(state))
    this.#show(state)
  }

  #do(action: ClientAction): void {
    switch (action.do) {
      case 'authorize':
        void this.#authorize()
        return
      case 'open':
        return this.#open()
      case 'greet':
        return this.#greet(action.auth)
      case 'begin':
        return this.#begin()
      case 'drop':
        return this.#drop(action.reason, action.isOver)
      case 'settle':
        this.#session.peer.caller.settleAll(action.as, action.reason)
        return this.#loseSession(action.reason)
    }
  }

  async #authorize(): Promise<void> {
    const run = ++this.#authRuns
    let event: ClientEvent
    try {
      event = { name: 'auth', auth: await this.#settings.auth() }
    } catch (error) {
      const reason = `"auth" failed: ${error instanceof Error ? error.message : String(error)}`
      event = { name: 'authFailed', reason, random: this.#settings.environment.random() }
    }
    if (run === this.#authRuns) this.#step(event)
  }

  #open(): void {
    this.#refusal = undefined
    const listener: OpenListener = {
      opened: () => socket === this.#socket && this.#step({ name: 'opened' }),
      message: (text) => socket === this.#socket && this.#message(text),
      closed: (code, reason) => socket === this.#socket && this.#lose(code, reason),
    }
    let socket: Socket | undefined
    try {
      socket = this.#settings.openSocket(listener)
      this.#socket = socket
    } catch (error) {
      this.#lose(CLOSED_ABNORMALLY, error instanceof Error ? error.message : 'The socket could not be opened.')
    }
  }

  #greet(auth: unknown): void {
    const greeting = formatControl(this.#greeting(auth))
    // What is pipelined may be three bytes a character.
    const room = Math.floor((PROTOCOL_LIMITS.greetingBytes - utf8Bytes(greeting)) / 3)
    try {
      this.#socket?.send(greeting)
      if (this.#socket !== undefined) this.#session.greet(this.#socket, room)
    } catch (error) {
      this.#giveUpSocket(error instanceof Error ? error.message : 'The socket refused a frame.')
    }
  }

  #greeting(auth: unknown): ControlFrame {
    const common = { version: PROTOCOL_VERSION, auth, generation: ++this.#generation }
    const { received } = this.#session.delivery
    if (this.#credentials !== undefined) return ['resume', { ...common, ...this.#credentials, received }]
    const contract = this.#contract === undefined ? {} : { contract: this.#contract }
    const { timeoutMs } = this.#settings.caller
    return ['hello', { ...common, client: this.#clientId, nonce: this.#nonce, timeoutMs, ...contract }]
  }

  #message(text: string | Uint8Array): void {
    try {
      if (typeof text !== 'string')
        throw new ProtocolError('BAD_FRAME', 'A frame came as a binary message: expected text.')
      this.#take(parseFrame(text), text.length)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      const { code } = CLOSE_CODES[error.close]
      this.#socket?.close(code, closeReason(error.message))
      this.#lose(code, error.message)
    }
  }

  #take(frame: Frame, characters: number): void {
    if (this.#machine.name === 'open' && isSessionFrame(frame)) return this.#session.take(frame, characters)
    switch (frame[0]) {
      case 'welcome':
        return this.#welcomed(frame[1])
      case 'resumed':
        return this.#resumed(frame[1])
      case 'refused':
        return this.#refused(frame[1])
      case 'goaway':
        return
      default:
        throw new ProtocolError('BAD_FRAME', `A frame "${isDataFrame(frame) ? 'data' : frame[0]}" came where none may.`)
    }
  }

  #welcomed({ session, secret, received, contract }: Welcome): void {
    if (this.#machine.name !== 'greeting' || this.#credentials !== undefined) throw unasked('welcome')
    const isOther = this.#contract !== undefined && this.#contract !== contract
    this.#contract ??= contract
    this.#credentials = { session, secret }
    this.#serverReceived = received
    this.#step({ name: 'admitted' })
    if (isOther) this.#settings.onContractChanged(contract)
  }

  #resumed({ secret, received }: Resumed): void {
    if (this.#machine.name !== 'greeting' || this.#credentials === undefined) throw unasked('resumed')
    this.#credentials = { ...this.#credentials, secret }
    this.#serverReceived = received
    this.#step({ name: 'admitted' })
  }

  #refused(refusal: Refused): void {
    const isForSession = refusal.code === 'SESSION_LOST' || refusal.code === 'STATE_MISMATCH'
    if (!isForSession || this.#credentials === undefined) {
      this.#refusal = refusal
      return
    }
    this.#session.peer.caller.takeBackAttempt()
    this.#loseSession(refusal.message)
    this.#step({ name: 'declined' })
  }

  #begin(): void {
    if (this.#socket === undefined) return
    this.#session.attach(this.#socket, this.#serverReceived)
    // Naming the generation proves that the secret in its answer has arrived.
    this.#send(['ack', this.#session.delivery.takeAck(), this.#generation])
  }

  #giveUpSocket(reason: string): void {
    this.#socket?.abort()
    this.#lose(CLOSE_CODES.SILENT.code, reason)
  }

  /** The socket is gone, or as good as gone; the session waits for the next one, unless the code says that it has ended. */
  #lose(code: number, reason: string): void {
    this.#socket = undefined
    this.#session.detach()
    const refusal = this.#refusal
    const { environment } = this.#settings
    const why = refusal?.message ?? (reason === '' ? `The connection ended with code ${code}.` : reason)
    if (code === CLOSE_CODES.SUPERSEDED.code || this.#isPoisoned(code)) this.#loseSession(why)
    this.#step({ name: 'lost', code, reason: why, retryAfterMs: refusal?.retryAfterMs, random: environment.random() })
  }

  /** Whether the same oldest message was there when such a close came before. */
  #isPoisoned(code: number): boolean {
    if (!POISON_CODES.has(code)) return false
    const { base } = this.#session.delivery
    const isAgain = this.#poisonedAt === base
    this.#poisonedAt = base
    return isAgain
  }

  #drop(reason: string, isOver: boolean): void {
    const socket = this.#socket
    if (isOver) this.#send(['bye'])
    this.#socket = undefined
    this.#session.detach()
    socket?.close(CLOSE_CODES.NORMAL.code, closeReason(reason))
    this.#authRuns++
  }

  /** Begins another session: what was never sent goes there, what may have run goes there marked. */
  #loseSession(reason: string): void {
    const { environment } = this.#settings
    const lost = this.#session
    const { caller } = lost.peer
    lost.end(sessionLost(reason))
    this.#credentials = undefined
    this.#poisonedAt = undefined
    this.#nonce = environment.newId(SECRET_CHARACTERS)
    this.#session = this.#newSession(() => caller)
    caller.restart(this.#session)
  }

  #newSession(makeCaller: (outlet: Outlet) => Caller): Session {
    const { environment, liveness } = this.#settings
    return new Session({
      environment,
      alarms: this.#alarms,
      liveness,
      makePeer: (outlet) => ({ caller: makeCaller(outlet), responder: this.#newResponder(outlet) }),
      hooks: {
        wantSocket: () => this.#machine.name === 'idle' && this.#step({ name: 'connect' }),
        lostSocket: (reason) => this.#giveUpSocket(reason),
        progressed: () => this.#step({ name: 'progress' }),
      },
    })
  }

  /** A client has no procedures of its own yet: whatever a server calls isn't found. */
  #newResponder(outlet: Outlet): Responder {
    const { caller, environment } = this.#settings
    return new Responder(outlet, 'even', {
      codec: caller.codec,
      procedures: NO_PROCEDURES,
      maxCalls: 0,
      timeoutMs: caller.timeoutMs,
      newId: () => environment.newId(16),
      report: () => {},
    })
  }

  #send(frame: ControlFrame): void {
    try {
      this.#socket?.send(formatControl(frame))
    } catch {
      // A socket that takes nothing any more says so by its close.
    }
  }

  #show(state: ClientState): void {
    this.#visible = visibleState(state, Date.now() - this.#settings.environment.now())
    for (const listener of [...this.#listeners]) listener()
  }
}

const NO_PROCEDURES = new ProcedureTable({})

/** What a socket closes with that had no close frame (RFC 6455, section 7.4.1). */
const CLOSED_ABNORMALLY = 1006

function refusedCall(state: ClientState): HotlineError {
  const reason = 'reason' in state ? state.reason : undefined
  return new HotlineError(state.name === 'closed' ? 'CLOSED' : 'UNAUTHORIZED', undefined, { message: reason })
}

function unasked(word: string): ProtocolError {
  return new ProtocolError('BAD_FRAME', `A "${word}" came that nothing asked for.`)
}

function isSessionFrame(frame: Frame): frame is SessionFrame {
  return isDataFrame(frame) || frame[0] === 'ack' || frame[0] === 'ping' || frame[0] === 'pong'
}
