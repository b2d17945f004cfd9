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
  PROTOCOL_VERSION,
  ProcedureTable,
  ProtocolError,
  parseFrame,
  type Refused,
  Responder,
  Session,
  type SessionFrame,
  type Sleeper,
  type Socket,
  sessionLost,
  stepClient,
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

/** 256 bits. */
const NONCE_CHARACTERS = 43

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
  /** Whether the session has been on a socket: then what was sent on it is lost with the socket. */
  #hasBegun = false
  #authRuns = 0
  #refusal: Refused | undefined
  #contract: string | undefined

  constructor(settings: Settings) {
    this.#settings = settings
    this.#alarms = new Alarms(settings.environment)
    this.#clientId = settings.environment.newId(21)
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
    this.#alarms.set(this, clientDeadline(state))
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
        return this.#drop(action.code, action.reason)
      case 'settle':
        this.#session.peer.caller.settleAll(action.as, action.reason)
        return
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
    const { environment, caller } = this.#settings
    const contract = this.#contract === undefined ? {} : { contract: this.#contract }
    const hello = { version: PROTOCOL_VERSION, client: this.#clientId, nonce: environment.newId(NONCE_CHARACTERS) }
    this.#send(['hello', { ...hello, auth, timeoutMs: caller.timeoutMs, ...contract }])
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
        return this.#welcome(frame[1])
      case 'refused':
        this.#refusal = frame[1]
        return
      case 'goaway':
        return
      default:
        throw new ProtocolError('BAD_FRAME', `A frame "${isDataFrame(frame) ? 'data' : frame[0]}" came where none may.`)
    }
  }

  #welcome({ contract }: Welcome): void {
    if (this.#machine.name !== 'greeting')
      throw new ProtocolError('BAD_FRAME', 'A welcome came that nothing asked for.')
    const isOther = this.#contract !== undefined && this.#contract !== contract
    this.#contract ??= contract
    this.#step({ name: 'welcomed' })
    if (isOther) this.#settings.onContractChanged(contract)
  }

  #begin(): void {
    this.#hasBegun = true
    if (this.#socket !== undefined) this.#session.attach(this.#socket)
  }

  /** The socket is gone, or as good as gone. */
  #lose(code: number, reason: string): void {
    this.#socket = undefined
    const refusal = this.#refusal
    const { environment } = this.#settings
    const why = refusal?.message ?? (reason === '' ? `The connection ended with code ${code}.` : reason)
    this.#step({ name: 'lost', code, reason: why, retryAfterMs: refusal?.retryAfterMs, random: environment.random() })
  }

  /** Forgets the socket, and with it the session that it carried. */
  #drop(code: number, reason: string): void {
    const socket = this.#socket
    if (socket !== undefined && this.#hasBegun) this.#send(['bye'])
    this.#socket = undefined
    socket?.close(code, closeReason(reason))
    this.#authRuns++
    if (!this.#hasBegun) return
    this.#hasBegun = false
    const lost = this.#session
    lost.end(sessionLost(reason))
    const { caller } = lost.peer
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
        lostSocket: (reason) => {
          this.#socket?.abort()
          this.#lose(CLOSE_CODES.SILENT.code, reason)
        },
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
      context: undefined,
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

function isSessionFrame(frame: Frame): frame is SessionFrame {
  return isDataFrame(frame) || frame[0] === 'ack' || frame[0] === 'ping' || frame[0] === 'pong'
}
