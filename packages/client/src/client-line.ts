import {
  type Alarms,
  type ClientAction,
  type ClientEvent,
  type ClientState,
  clientDeadline,
  closeReason,
  type Frame,
  isDataFrame,
  isSessionFrame,
  messageOf,
  ProtocolError,
  printable,
  type Reauthed,
  type Refused,
  type SessionHooks,
  SHARED_CLOSE_CODES,
  type Sleeper,
  type Socket,
  stepClient,
} from '@hotline/core/internal'
import { ClientSession } from './client-session.ts'
import { Credentials } from './credentials.ts'
import type { LineHooks } from './line-hooks.ts'
import type { Settings } from './options.ts'
import { readServerFrame, whyLeft } from './read-server-frame.ts'
import { CLOSED_ABNORMALLY, type OpenListener } from './web-socket.ts'

/** One session with a server and the socket that carries it: feeds the machine with what happens, and does what it says. */
export class ClientLine implements Sleeper, SessionHooks {
  readonly session: ClientSession
  readonly #settings: Settings
  readonly #alarms: Alarms
  readonly #hooks: LineHooks<ClientLine>
  readonly #credentials: Credentials
  #machine: ClientState = { name: 'idle' }
  #socket: Socket | undefined
  #refusal: Refused | undefined
  #isLeaving = false

  constructor(settings: Settings, alarms: Alarms, hooks: LineHooks<ClientLine>) {
    this.#settings = settings
    this.#alarms = alarms
    this.#hooks = hooks
    this.#credentials = new Credentials(settings)
    this.session = new ClientSession(settings, alarms, this)
  }

  get state(): ClientState {
    return this.#machine
  }

  /** Whether the server of this connection has said that it will end it. */
  get isLeaving(): boolean {
    return this.#isLeaving
  }

  connect(): void {
    this.#step({ name: 'connect' })
  }

  hurry(): void {
    this.#step({ name: 'hurry', random: this.#settings.environment.random() })
    this.session.current.check()
  }

  pause(): void {
    this.#step({ name: 'pause' })
  }

  close(): void {
    this.#step({ name: 'close' })
  }

  wake(): number {
    this.#step({ name: 'deadline', random: this.#settings.environment.random() })
    return clientDeadline(this.#machine)
  }

  wantSocket(): void {
    if (this.#machine.name === 'idle') this.connect()
  }

  lostSocket(reason: string, why: 'SILENT' | 'SLOW_CONSUMER' = 'SILENT'): void {
    this.#socket?.abort()
    this.#lose(SHARED_CLOSE_CODES[why], reason)
  }

  tooSlow(reason: string): void {
    this.lostSocket(reason, 'SLOW_CONSUMER')
  }

  /** With nearly every frame: only a line that has just come back has something to learn from it. */
  progressed(): void {
    const machine = this.#machine
    if (machine.name === 'open' && machine.attempt > 0) this.#step({ name: 'progress' })
    this.#hooks.settled(this)
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
    this.#hooks.changed(this)
  }

  #do(action: ClientAction): void {
    switch (action.do) {
      case 'authorize':
        return this.#credentials.ask((event) => this.#step(event))
      case 'open':
        return this.#open()
      case 'greet':
        return this.#greet(action.auth)
      case 'begin':
        if (this.#socket !== undefined) this.session.attach(this.#socket)
        return
      case 'renew':
        return this.#renew()
      case 'drop':
        return this.#drop(action.reason, action.isOver)
      case 'settle':
        this.session.caller.settleAll(action.as, action.reason)
        return this.session.lose(action.reason)
    }
  }

  #renew(): void {
    const socket = this.#socket
    this.#credentials.renew((frame) => {
      if (socket === this.#socket) socket?.send(frame)
    })
  }

  #open(): void {
    this.#refusal = undefined
    this.#isLeaving = false
    const listener: OpenListener = {
      opened: () => socket === this.#socket && this.#step({ name: 'opened' }),
      message: (received) => socket === this.#socket && this.#message(received),
      closed: (code, reason) => socket === this.#socket && this.#lose(code, reason),
    }
    let socket: Socket | undefined
    try {
      socket = this.#settings.openSocket(listener, this.session.node)
      this.#socket = socket
    } catch (error) {
      this.#lose(CLOSED_ABNORMALLY, messageOf(error))
    }
  }

  #greet(auth: unknown): void {
    try {
      if (this.#socket !== undefined) this.session.greet(this.#socket, auth, this.#hooks.contract)
    } catch (error) {
      this.lostSocket(messageOf(error))
    }
  }

  #message(received: string | Uint8Array): void {
    try {
      this.#take(readServerFrame(received), received.length)
    } catch (error) {
      // Anything else is a defect of ours: what a server sends must not end the program, so it comes back later.
      const code = SHARED_CLOSE_CODES[error instanceof ProtocolError ? error.close : 'INTERNAL']
      this.#socket?.close(code, closeReason(messageOf(error)))
      this.#lose(code, whyLeft(error, this.#hooks.contract !== undefined))
    }
  }

  #take(frame: Frame, length: number): void {
    if (this.#machine.name === 'open' && isSessionFrame(frame)) return this.session.current.take(frame, length)
    switch (frame[0]) {
      case 'welcome':
        this.#expectGreeting('welcome', false)
        this.session.welcomed(frame[1])
        this.#admitted(frame[1])
        return this.#hooks.greeted(frame[1].contract)
      case 'resumed':
        this.#expectGreeting('resumed', true)
        this.session.resumed(frame[1])
        return this.#admitted(frame[1])
      case 'refused':
        return this.#refused(frame[1])
      case 'reauthed':
        return this.#step({ name: 'renewed', renewAt: this.#credentials.renewAt(frame[1]) })
      case 'goaway':
        this.#isLeaving = true
        return this.#hooks.goAway(this, frame[1])
      default:
        // An echo of its own: who answers so has run nothing of what came behind it.
        if (frame[0] === 'hello') this.session.caller.takeBackAttempt()
        throw new ProtocolError('BAD_FRAME', `A frame "${isDataFrame(frame) ? 'data' : frame[0]}" came where none may.`)
    }
  }

  /** @throws ProtocolError `BAD_FRAME` where it answers no greeting, or another one than was said: hello, or resume where the session is known. */
  #expectGreeting(answer: string, isKnown: boolean): void {
    if (this.#machine.name === 'greeting' && this.session.isKnown === isKnown) return
    throw new ProtocolError('BAD_FRAME', `A "${answer}" came that nothing asked for.`)
  }

  #admitted(answer: Reauthed): void {
    this.#step({ name: 'admitted', renewAt: this.#credentials.renewAt(answer) })
  }

  /** What was sent behind a refused hello or a session that is lost never ran; a resume refused for another reason may be granted later. */
  #refused(refusal: Refused): void {
    const isLost = refusal.code === 'SESSION_LOST' || refusal.code === 'STATE_MISMATCH'
    // Said of a hello it would be said again and again: each of these is answered with another hello, at once.
    if (isLost) this.#expectGreeting('refused', true)
    if (isLost || (!this.session.isKnown && this.session.isFirstAttempt)) {
      this.session.caller.takeBackAttempt()
      this.session.lose(refusal.message)
      this.#hooks.settled(this)
    }
    if (isLost) return this.#step({ name: 'declined' })
    this.#refusal = refusal
    // After other refusals the server closes; after this one it would wait for a hello, while another attempt is due.
    if (refusal.code === 'STALE') this.lostSocket(refusal.message)
  }

  /** The socket is gone, or as good as gone; the session waits for the next one, unless the code says that it has ended. */
  #lose(code: number, reason: string): void {
    this.#socket = undefined
    const why = printable(this.#refusal?.message || reason || `The connection ended with code ${code}.`)
    // A server that said it would go ends its sessions when it goes.
    const hasGone = this.#isLeaving && code === SHARED_CLOSE_CODES.GOING_AWAY
    if (this.session.detach(code) || hasGone) this.session.lose(why)
    const retryAfterMs = this.#refusal?.retryAfterMs
    this.#step({ name: 'lost', code, reason: why, retryAfterMs, random: this.#settings.environment.random() })
  }

  #drop(reason: string, isOver: boolean): void {
    const socket = this.#socket
    this.session.caller.absence = reason
    if (isOver && socket !== undefined) this.session.sayBye(socket)
    this.#socket = undefined
    this.session.detach(SHARED_CLOSE_CODES.NORMAL)
    socket?.close(SHARED_CLOSE_CODES.NORMAL, closeReason(reason))
    this.#credentials.forget()
  }
}
