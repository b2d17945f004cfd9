import type { IncomingMessage } from 'node:http'
import {
  type Alarms,
  Caller,
  CLOSE_CODES,
  type CloseName,
  type ControlFrame,
  closeReason,
  type Frame,
  formatControl,
  type Hello,
  isDataFrame,
  PROTOCOL_VERSION,
  type ProcedureTable,
  ProtocolError,
  parseFrame,
  Responder,
  type ServerAction,
  type ServerEvent,
  type ServerState,
  Session,
  type SessionFrame,
  type Sleeper,
  type Socket,
  type SocketListener,
  serverDeadline,
  sessionLost,
  startServer,
  stepServer,
} from '@hotline/core/internal'
import { checkIdentity, type Identity, refusalIn } from './identity.ts'
import type { Settings } from './options.ts'

/** What all connections of a server share. */
export interface ConnectionHost {
  readonly settings: Settings
  readonly procedures: ProcedureTable
  readonly contract: string
  readonly alarms: Alarms
  /** The connection is over; it will never need the host again. */
  closed(connection: Connection): void
}

/** Drives one client's connection: feeds the machine with what happens, and does what it says. */
export class Connection implements SocketListener, Sleeper {
  readonly id: string
  readonly #host: ConnectionHost
  readonly #socket: Socket
  readonly #request: IncomingMessage
  #state: ServerState
  #held: { readonly frame: Frame; readonly characters: number }[] = []
  #identity: Identity = { principal: undefined, context: undefined }
  #session: Session | undefined

  constructor(host: ConnectionHost, socket: Socket, request: IncomingMessage) {
    const { environment, timeouts } = host.settings
    this.id = environment.newId(16)
    this.#host = host
    this.#socket = socket
    this.#request = request
    this.#state = startServer(environment.now(), timeouts)
    host.alarms.set(this, serverDeadline(this.#state))
  }

  get principal(): string | undefined {
    return this.#identity.principal
  }

  get isOpen(): boolean {
    return this.#state.name === 'open'
  }

  message(text: string | Uint8Array): void {
    this.#guard(() => {
      if (typeof text !== 'string')
        throw new ProtocolError('BAD_FRAME', 'A frame came as a binary message: expected text.')
      this.#take(parseFrame(text), text.length)
    })
  }

  closed(code: number, reason: string): void {
    this.#step({ name: 'lost', reason: `The socket closed with code ${code}${reason === '' ? '' : ` (${reason})`}.` })
  }

  wake(): number {
    this.#step({ name: 'deadline' })
    return serverDeadline(this.#state)
  }

  /** Closes the connection from this side. */
  end(close: CloseName, reason: string): void {
    this.#step({ name: 'end', close, reason })
  }

  /** Sends a frame that belongs to the connection and not to its session. */
  send(frame: ControlFrame): void {
    try {
      this.#socket.send(formatControl(frame))
    } catch (error) {
      this.#host.settings.logger.debug({ err: error, connection: this.id }, 'a socket refused a frame')
    }
  }

  #take(frame: Frame, characters: number): void {
    // While open nearly every frame is the session's own: the machine has nothing to say about those.
    if (this.#session !== undefined && isSessionFrame(frame)) return this.#session.take(frame, characters)
    this.#step({ name: 'frame', frame, characters })
  }

  #step(event: ServerEvent): void {
    const { environment, timeouts } = this.#host.settings
    const { state, actions } = stepServer(this.#state, event, environment.now(), timeouts)
    this.#state = state
    for (const action of actions) this.#do(action)
    if (state.name !== 'closed') this.#host.alarms.set(this, serverDeadline(state))
  }

  #do(action: ServerAction): void {
    switch (action.do) {
      case 'authenticate':
        void this.#authenticate(action.hello)
        return
      case 'hold':
        this.#held.push(action)
        return
      case 'begin':
        return this.#begin(action.hello)
      case 'take':
        return this.end('BAD_FRAME', `A frame "${action.frame[0]}" came from a client: only servers send it.`)
      case 'send':
        return this.send(action.frame)
      case 'close':
        return this.#close(action.close, action.reason)
      case 'end':
        return this.#end(action.reason)
    }
  }

  async #authenticate(hello: Hello): Promise<void> {
    try {
      const { authenticate } = this.#host.settings
      this.#identity = checkIdentity(await authenticate({ auth: hello.auth, request: this.#request }))
    } catch (thrown) {
      return this.#refuse(thrown)
    }
    this.#step({ name: 'authenticated' })
  }

  #refuse(thrown: unknown): void {
    const refusal = refusalIn(thrown)
    if (refusal === undefined) this.#report(thrown)
    const { code, message } = refusal?.error ?? CHECK_FAILED
    this.#step({ name: 'refused', close: refusal?.close ?? 'INTERNAL', refusal: { code, message } })
  }

  #begin(hello: Hello): void {
    const { settings, contract, alarms } = this.#host
    this.send([
      'welcome',
      {
        version: PROTOCOL_VERSION,
        session: this.id,
        node: settings.node,
        contract,
        heartbeatMs: settings.liveness.heartbeatMs,
        timeoutMs: settings.limits.callTimeoutMs,
      },
    ])
    this.#session = new Session({
      environment: settings.environment,
      alarms,
      liveness: settings.liveness,
      makePeer: (outlet) => ({
        caller: new Caller(outlet, {
          codec: settings.codec,
          firstId: 2,
          timeoutMs: settings.limits.callTimeoutMs,
          queueCharacters: 0,
        }),
        responder: this.#makeResponder(outlet, hello),
      }),
      hooks: {
        wantSocket: () => {},
        lostSocket: (reason) => this.#lose(reason),
        progressed: () => {},
      },
    })
    this.#session.attach(this.#socket)
    const held = this.#held
    this.#held = []
    for (const { frame, characters } of held) this.#guard(() => this.#take(frame, characters))
  }

  #makeResponder(outlet: ConstructorParameters<typeof Responder>[0], hello: Hello): Responder {
    const { settings, procedures } = this.#host
    return new Responder(outlet, 'odd', {
      codec: settings.codec,
      procedures,
      context: this.#identity.context,
      maxCalls: settings.limits.maxCalls,
      timeoutMs: hello.timeoutMs,
      newId: () => settings.environment.newId(16),
      report: ({ path, id, reason }) => this.#report(reason, path, id),
    })
  }

  /** Ends the connection for what breaks the protocol; anything else thrown is a defect of ours, and must not take others down. */
  #guard(take: () => void): void {
    try {
      take()
    } catch (error) {
      if (error instanceof ProtocolError) return this.end(error.close, error.message)
      this.#report(error)
      this.end('INTERNAL', 'The server failed; its log says why.')
    }
  }

  #lose(reason: string): void {
    this.#socket.abort()
    this.#step({ name: 'lost', reason })
  }

  #close(name: CloseName, reason: string): void {
    const { logger } = this.#host.settings
    const { code } = CLOSE_CODES[name]
    if (name !== 'NORMAL') logger.info({ connection: this.id, code, reason }, 'closes a connection')
    this.#socket.close(code, closeReason(reason))
  }

  #end(reason: string): void {
    this.#held = []
    this.#host.alarms.delete(this)
    this.#session?.end(sessionLost(reason))
    this.#host.closed(this)
  }

  #report(error: unknown, path?: string, id?: string): void {
    const { logger, onError } = this.#host.settings
    const failure = { error, path, id, principal: this.principal }
    logger.error({ err: error, path, id, principal: this.principal, connection: this.id }, failureMessage(path))
    try {
      onError(failure)
    } catch (thrown) {
      logger.error({ err: thrown }, '"onError" threw')
    }
  }
}

const CHECK_FAILED = { code: 'INTERNAL', message: 'The server could not check who you are; its log says why.' }

function failureMessage(path: string | undefined): string {
  return path === undefined ? 'a connection failed' : `"${path}" failed`
}

function isSessionFrame(frame: Frame): frame is SessionFrame {
  return isDataFrame(frame) || frame[0] === 'ack' || frame[0] === 'ping' || frame[0] === 'pong'
}
