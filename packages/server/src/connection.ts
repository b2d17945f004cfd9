import type { IncomingMessage } from 'node:http'
import {
  CLOSE_CODES,
  type CloseName,
  type ControlFrame,
  closeReason,
  Floods,
  type Frame,
  formatControl,
  type Greeting,
  isSessionFrame,
  ProtocolError,
  RESUME_REFUSALS,
  readFrame,
  type ServerAction,
  type ServerEvent,
  type ServerState,
  type Sleeper,
  type Socket,
  type SocketListener,
  serverDeadline,
  startServer,
  stepServer,
} from '@hotline/core/internal'
import type { ConnectionHost, Opening } from './connection-host.ts'
import { clientAddress } from './gate/client-address.ts'
import { claimantOf, UNCOUNTED, type Visitor } from './gate/visitor.ts'
import { expiry, greetingAnswer } from './greeting-answer.ts'
import { type Identity, type IdentityRefusal, identify, judgeThrown, NOBODY } from './identity.ts'
import { CHECK_FAILED, closedBy, OTHER_PRINCIPAL, TOO_MANY_RENEWALS } from './refusals.ts'
import { Renewals } from './renewals.ts'
import type { ServerSession } from './server-session.ts'

/** Drives one client's connection: feeds the machine with what happens, and does what it says. */
export class Connection implements SocketListener, Sleeper {
  readonly address: string
  readonly #host: ConnectionHost
  readonly #socket: Socket
  /** Only where the application is asked about it: it takes as much as a session. */
  readonly #request: IncomingMessage | undefined
  #visitor: Visitor
  #state: ServerState
  #held: { readonly frame: Frame; readonly characters: number }[] = []
  #identity: Identity | undefined
  #session: ServerSession | undefined
  #begin: (() => void) | undefined
  readonly #renewals = new Renewals()
  /** Counts the WebSocket's own frames: until there is a session that does, and goes on doing so on its next connections. */
  #floods: Floods

  constructor(host: ConnectionHost, { socket, request, visitor }: Opening) {
    const { environment, timeouts } = host.settings
    this.address = clientAddress(request, host.settings.trustProxy)
    this.#host = host
    this.#socket = socket
    this.#request = host.settings.authenticate && request
    this.#visitor = visitor
    this.#state = startServer(environment.now(), timeouts)
    this.#floods = new Floods(host.settings.floods, environment)
    host.alarms.set(this, serverDeadline(this.#state))
  }

  message(received: string | Uint8Array): void {
    if (this.#state.name === 'closed') return // the closing handshake is on its way
    this.#guard(() => this.#take(readFrame(received), received.length))
  }

  controlFrame(): void {
    if (this.#state.name !== 'closed')
      this.#guard(() => this.#floods.question('A ping or pong of the WebSocket', this.#socket.bufferedBytes))
  }

  closed(code: number, reason: string): void {
    this.#step({ name: 'lost', reason: closedBy(code, reason) })
  }

  wake(): number {
    this.#step({ name: 'deadline' })
    return serverDeadline(this.#state)
  }

  end(close: CloseName, reason: string): void {
    this.#step({ name: 'end', close, reason })
  }

  /** Tells the client that this server will end, if it will. */
  sendGoAway(): void {
    const goAway = this.#host.goAway()
    if (goAway !== undefined && this.#state.name === 'open') this.#send(['goaway', goAway])
  }

  /** Whoever was let in as `principal` would not be asked again for a hello behind a refused resume. */
  revoke(principal: string): void {
    if (this.#identity?.principal === principal) this.giveUp('The principal was revoked.')
  }

  /** The peer is silent, or the socket refuses frames: it would never answer a close. */
  giveUp(reason: string): void {
    this.#socket.abort()
    this.#step({ name: 'lost', reason })
  }

  #take(frame: Frame, characters: number): void {
    // While open nearly every frame is the session's own: the machine has nothing to say about those.
    if (this.#state.name !== 'open' || !isSessionFrame(frame)) return this.#step({ name: 'frame', frame, characters })
    if (frame[0] === 'ack' && frame[2] !== undefined) this.#session?.confirm(frame[2])
    this.#session?.session.take(frame, characters)
  }

  #step(event: ServerEvent): void {
    const { environment, timeouts } = this.#host.settings
    const { state, actions } = stepServer(this.#state, event, environment.now(), timeouts)
    this.#state = state
    for (const action of actions) this.#do(action)
    if (this.#state.name === 'closed') this.#host.alarms.delete(this)
    else this.#host.alarms.set(this, serverDeadline(this.#state))
  }

  #do(action: ServerAction): void {
    switch (action.do) {
      case 'authenticate':
        return void this.#authenticate(action.greeting)
      case 'hold':
        return void this.#held.push(action)
      case 'forget':
        return void this.#held.splice(0)
      case 'reauthenticate':
        if (!this.#renewals.may(this.#identity ?? NOBODY, this.#host.settings.environment.now()))
          return this.end('FLOOD', TOO_MANY_RENEWALS)
        return void this.#renewals.look(action.auth, (auth) => this.#reauthenticate(auth))
      case 'begin':
        return this.#begin?.()
      case 'take':
        return this.end('BAD_FRAME', `A frame "${action.frame[0]}" came from a client: only servers send it.`)
      case 'send':
        return void this.#send(action.frame)
      case 'close':
        return this.#close(action.close, action.reason)
      case 'end':
        return this.#end(action.reason, action.isOver)
    }
  }

  /** A hello behind a refused resume is from the same client: its credentials hold as long as they did for that. */
  async #authenticate(greeting: Greeting): Promise<void> {
    try {
      if (this.#identity === undefined || this.#identity.expiresAt <= this.#host.settings.environment.now())
        this.#identity = await identify(this.#host.settings, greeting[1].auth, this.#request)
    } catch (thrown) {
      return this.#failed(thrown, greeting[1].auth, { close: 'INTERNAL', ...CHECK_FAILED })
    }
    // The socket may have gone while the application was asked.
    if (this.#state.name === 'authenticating') this.#guard(() => this.#admit(greeting))
  }

  /** Where the check itself fails, the older credentials hold until they run out. */
  async #reauthenticate(auth: unknown): Promise<void> {
    if (this.#state.name !== 'open') return
    let identity: Identity
    try {
      identity = await identify(this.#host.settings, auth, this.#request)
    } catch (thrown) {
      return this.#failed(thrown, auth, undefined)
    }
    if (this.#state.name !== 'open') return
    if (identity.principal !== this.#identity?.principal) return this.#refuse(OTHER_PRINCIPAL)
    this.#identity = identity
    this.#session?.renew(identity.context)
    this.#step({ name: 'renewed', expiresAt: identity.expiresAt })
    this.#send(['reauthed', expiry(identity, this.#host.settings.environment.now())])
  }

  /** The application has refused the credentials, or its check failed: that is reported, and the client gets `otherwise`. */
  #failed(thrown: unknown, auth: unknown, otherwise: IdentityRefusal | undefined): void {
    const { refusal = otherwise, failure } = judgeThrown(thrown, auth, this.#request)
    if (failure !== undefined) this.#report(failure.error)
    if (refusal !== undefined) this.#refuse(refusal)
  }

  #refuse({ close, code, message }: IdentityRefusal): void {
    this.#step({ name: 'refused', close, refusal: { code, message } })
  }

  /** From here on nothing is awaited: the session that is found is the one that is attached. */
  #admit(greeting: Greeting): void {
    const identity = this.#identity ?? NOBODY
    const claimant = claimantOf(identity.principal, this.#visitor)
    const refused = this.#host.refuses(greeting, identity, claimant)
    if (refused !== undefined) return this.#step({ name: 'refused', ...refused })
    const admission = this.#host.sessions.admit(this, greeting, identity)
    if (typeof admission === 'string') {
      if (admission === 'SESSION_LOST') this.#host.gate.resumeFailed(claimant)
      this.#visitor.declined()
      return this.#step({ name: 'declined', refusal: { code: admission, message: RESUME_REFUSALS[admission] } })
    }
    this.#session = admission.session
    this.#visitor.letIn()
    this.#visitor = UNCOUNTED
    this.#floods = admission.session.floods
    this.#begin = () => {
      this.#begin = undefined // what it begins with needn't be kept: credentials are among it
      if (!this.#send(greetingAnswer(this.#host, greeting, admission, identity)))
        return this.giveUp('The socket refused the answer.')
      admission.session.session.attach(this.#socket, greeting[0] === 'resume' ? greeting[1].received : 0)
      this.sendGoAway()
      for (const { frame, characters } of this.#held.splice(0)) this.#guard(() => this.#take(frame, characters))
    }
    this.#step({ name: 'admitted', expiresAt: identity.expiresAt })
  }

  #send(frame: ControlFrame): boolean {
    try {
      this.#socket.send(formatControl(frame))
      return true
    } catch (error) {
      this.#host.settings.logger.debug({ err: error, address: this.address }, 'a socket refused a frame')
      return false
    }
  }

  /** Ends the connection for what breaks the protocol; anything else thrown is a defect of ours, and must not take others down. */
  #guard(take: () => void): void {
    try {
      take()
    } catch (error) {
      if (error instanceof ProtocolError) return this.end(error.close, error.message)
      this.#report(error)
      this.end('INTERNAL', CHECK_FAILED.message)
    }
  }

  #close(name: CloseName, reason: string): void {
    const code = CLOSE_CODES[name]
    const fields = { address: this.address, session: this.#session?.id, code, reason }
    if (name === 'FLOOD') this.#host.flooded()
    if (name !== 'NORMAL') this.#host.settings.logger.info(fields, 'closes a connection')
    this.#socket.close(code, closeReason(reason))
  }

  #end(reason: string, isOver: boolean): void {
    this.#held = []
    if (isOver) this.#session?.end(reason)
    else this.#session?.release(this)
    this.#host.closed(this)
  }

  #report(error: unknown): void {
    this.#host.report({ error, path: undefined, id: undefined, principal: this.#identity?.principal })
  }
}
