import { type CloseName, endsSession } from '../protocol/close-code.ts'
import type { ControlFrame, Hello, Refused, Resume } from '../protocol/control.ts'
import { type Frame, isDataFrame } from '../protocol/frame.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { PROTOCOL_VERSION } from '../protocol/version.ts'

/** Where a server's connection is. Each state has at most one deadline. */
export type ServerState =
  /** The socket is open, and nobody has said who they are. */
  | { readonly name: 'greeting'; readonly deadline: number }
  /** The application's `authenticate` is being asked; what comes meanwhile waits, within bounds. */
  | {
      readonly name: 'authenticating'
      readonly deadline: number
      readonly greeting: Greeting
      readonly heldCharacters: number
    }
  /** A greeting was refused: what was sent behind it is dropped, where it was a resume until the client says hello. */
  | {
      readonly name: 'declined'
      readonly deadline: number
      readonly word: Greeting[0]
      readonly droppedCharacters: number
    }
  /** The deadline is when the credentials run out. */
  | { readonly name: 'open'; readonly deadline: number }
  | { readonly name: 'closed'; readonly reason: string }

/** How a client begins: a new session, or one it has. */
export type Greeting = readonly [word: 'hello', fields: Hello] | readonly [word: 'resume', fields: Resume]

export type ServerEvent =
  | { readonly name: 'frame'; readonly frame: Frame; readonly characters: number }
  /** The client is known, and its session found or made. */
  | { readonly name: 'admitted'; readonly expiresAt: number }
  /** Newer credentials were accepted. */
  | { readonly name: 'renewed'; readonly expiresAt: number }
  /** The client is known, but there is no session to resume. */
  | { readonly name: 'declined'; readonly refusal: Refused }
  | { readonly name: 'refused'; readonly close: CloseName; readonly refusal: Refused }
  /** This side ends it: a frame broke the protocol, the peer was silent too long, the server stops. */
  | { readonly name: 'end'; readonly close: CloseName; readonly reason: string }
  | { readonly name: 'deadline' }
  /** The socket is gone. */
  | { readonly name: 'lost'; readonly reason: string }

export type ServerAction =
  | { readonly do: 'authenticate'; readonly greeting: Greeting }
  /** Keep the frame until the session begins. */
  | { readonly do: 'hold'; readonly frame: Frame; readonly characters: number }
  /** Newer credentials came. */
  | { readonly do: 'reauthenticate'; readonly auth: unknown }
  /** Forget what was held. */
  | { readonly do: 'forget' }
  /** Answer the greeting, attach the session, and take in what was held. */
  | { readonly do: 'begin' }
  /** The session has begun: the frame is for it. */
  | { readonly do: 'take'; readonly frame: Frame }
  | { readonly do: 'send'; readonly frame: ControlFrame }
  | { readonly do: 'close'; readonly close: CloseName; readonly reason: string }
  /** Nothing more will come or go on this connection. `isOver`: its session has ended with it, and can't be resumed. */
  | { readonly do: 'end'; readonly reason: string; readonly isOver: boolean }

export interface ServerTimeouts {
  readonly helloMs: number
  readonly authenticateMs: number
}

export interface ServerStep {
  readonly state: ServerState
  readonly actions: readonly ServerAction[]
}

export function startServer(now: number, timeouts: ServerTimeouts): ServerState {
  return { name: 'greeting', deadline: now + timeouts.helloMs }
}

/** The server's connection machine: what an event at `now` makes of a state, and what the driver must do. */
export function stepServer(state: ServerState, event: ServerEvent, now: number, timeouts: ServerTimeouts): ServerStep {
  if (state.name === 'closed') return stay(state)
  switch (event.name) {
    case 'frame':
      return onFrame(state, event, now, timeouts)
    case 'admitted':
      if (state.name !== 'authenticating') return stay(state)
      return { state: { name: 'open', deadline: event.expiresAt }, actions: [{ do: 'begin' }] }
    case 'renewed':
      return state.name === 'open' ? stay({ name: 'open', deadline: event.expiresAt }) : stay(state)
    case 'declined':
      return state.name === 'authenticating' ? decline(state.greeting[0], event.refusal, now, timeouts) : stay(state)
    case 'refused':
      return state.name === 'authenticating' || state.name === 'open' ? refuse(event.close, event.refusal) : stay(state)
    case 'end':
      return close(event.close, event.reason)
    case 'deadline':
      return late(state, now, timeouts)
    case 'lost': {
      const { reason } = event
      return { state: { name: 'closed', reason }, actions: [{ do: 'end', reason, isOver: false }] }
    }
  }
}

/** When the driver must send `deadline`. */
export function serverDeadline(state: ServerState): number {
  return 'deadline' in state ? state.deadline : Number.POSITIVE_INFINITY
}

function onFrame(
  state: ServerState,
  { frame, characters }: ServerEvent & { name: 'frame' },
  now: number,
  timeouts: ServerTimeouts,
): ServerStep {
  const word = isDataFrame(frame) ? 'data' : frame[0]
  switch (state.name) {
    case 'greeting':
      if (isGreeting(frame)) return onGreeting(frame, characters, now, timeouts)
      return close('HELLO_EXPECTED', `A frame "${word}" came before hello.`)
    case 'declined':
      if (frame[0] !== 'hello') return drop(state, characters)
      if (state.word === 'resume') return onGreeting(frame, characters, now, timeouts)
      return close('HELLO_TWICE', 'A "hello" came after one that was refused.')
    case 'authenticating':
      if (isGreeting(frame)) return close('HELLO_TWICE', `A "${word}" came after a hello or resume.`)
      return hold(state, frame, characters)
    case 'open':
      if (isGreeting(frame)) return close('HELLO_TWICE', `A "${word}" came after a hello or resume.`)
      if (word === 'bye') return close('NORMAL', 'The client said bye.')
      if (frame[0] === 'reauth') return { state, actions: [{ do: 'reauthenticate', auth: frame[1].auth }] }
      return { state, actions: [{ do: 'take', frame }] }
    case 'closed':
      return stay(state)
  }
}

function isGreeting(frame: Frame): frame is Greeting {
  return frame[0] === 'hello' || frame[0] === 'resume'
}

function onGreeting(greeting: Greeting, characters: number, now: number, timeouts: ServerTimeouts): ServerStep {
  const { version } = greeting[1]
  if (version !== PROTOCOL_VERSION) {
    const message = `The client speaks version ${version} of the protocol: this server speaks ${PROTOCOL_VERSION}.`
    return refuse('VERSION', { code: 'VERSION', message })
  }
  if (characters > PROTOCOL_LIMITS.greetingBytes) return close('FLOOD', tooMuch(characters))
  return {
    state: { name: 'authenticating', deadline: now + timeouts.authenticateMs, greeting, heldCharacters: characters },
    actions: [{ do: 'authenticate', greeting }],
  }
}

function decline(word: Greeting[0], refusal: Refused, now: number, timeouts: ServerTimeouts): ServerStep {
  return {
    state: { name: 'declined', deadline: now + timeouts.helloMs, word, droppedCharacters: 0 },
    actions: [{ do: 'forget' }, { do: 'send', frame: ['refused', refusal] }],
  }
}

function drop(state: ServerState & { name: 'declined' }, characters: number): ServerStep {
  const droppedCharacters = state.droppedCharacters + characters
  if (droppedCharacters > PROTOCOL_LIMITS.greetingBytes) return close('FLOOD', tooMuch(droppedCharacters))
  return { state: { ...state, droppedCharacters }, actions: [] }
}

function hold(state: ServerState & { name: 'authenticating' }, frame: Frame, characters: number): ServerStep {
  const heldCharacters = state.heldCharacters + characters
  if (heldCharacters > PROTOCOL_LIMITS.greetingBytes) return close('FLOOD', tooMuch(heldCharacters))
  return { state: { ...state, heldCharacters }, actions: [{ do: 'hold', frame, characters }] }
}

function tooMuch(characters: number): string {
  return `${characters} characters came before welcome: expected at most ${PROTOCOL_LIMITS.greetingBytes}.`
}

function late(state: ServerState, now: number, timeouts: ServerTimeouts): ServerStep {
  if (now < serverDeadline(state)) return stay(state)
  if (state.name === 'greeting' || state.name === 'declined')
    return close('HELLO_TIMEOUT', `No hello came within ${timeouts.helloMs} ms.`)
  if (state.name === 'authenticating') {
    return close('AUTH_TIMEOUT', `"authenticate" gave nothing within ${timeouts.authenticateMs} ms.`)
  }
  if (state.name === 'open') return close('EXPIRED', 'The credentials ran out, and no newer ones came.')
  return stay(state)
}

function refuse(name: CloseName, refusal: Refused): ServerStep {
  const step = close(name, refusal.message)
  return { ...step, actions: [{ do: 'send', frame: ['refused', refusal] }, ...step.actions] }
}

function close(name: CloseName, reason: string): ServerStep {
  return {
    state: { name: 'closed', reason },
    actions: [
      { do: 'close', close: name, reason },
      { do: 'end', reason, isOver: endsSession(name) },
    ],
  }
}

function stay(state: ServerState): ServerStep {
  return { state, actions: [] }
}
