import type { CloseName } from '../protocol/close-code.ts'
import type { ControlFrame, Hello, Refused } from '../protocol/control.ts'
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
      readonly hello: Hello
      readonly heldCharacters: number
    }
  | { readonly name: 'open' }
  | { readonly name: 'closed'; readonly reason: string }

export type ServerEvent =
  | { readonly name: 'frame'; readonly frame: Frame; readonly characters: number }
  | { readonly name: 'authenticated' }
  | { readonly name: 'refused'; readonly close: CloseName; readonly refusal: Refused }
  /** This side ends it: a frame broke the protocol, the peer was silent too long, the server stops. */
  | { readonly name: 'end'; readonly close: CloseName; readonly reason: string }
  | { readonly name: 'deadline' }
  /** The socket is gone. */
  | { readonly name: 'lost'; readonly reason: string }

export type ServerAction =
  | { readonly do: 'authenticate'; readonly hello: Hello }
  /** Keep the frame until the session begins. */
  | { readonly do: 'hold'; readonly frame: Frame; readonly characters: number }
  /** Send `welcome`, start the session, and take in what was held. */
  | { readonly do: 'begin'; readonly hello: Hello }
  /** The session has begun: the frame is for it. */
  | { readonly do: 'take'; readonly frame: Frame }
  | { readonly do: 'send'; readonly frame: ControlFrame }
  | { readonly do: 'close'; readonly close: CloseName; readonly reason: string }
  /** The session is over; nothing more will come or go. */
  | { readonly do: 'end'; readonly reason: string }

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
    case 'authenticated':
      if (state.name !== 'authenticating') return stay(state)
      return { state: { name: 'open' }, actions: [{ do: 'begin', hello: state.hello }] }
    case 'refused':
      return state.name === 'authenticating' ? refuse(event.close, event.refusal) : stay(state)
    case 'end':
      return close(event.close, event.reason)
    case 'deadline':
      return late(state, now, timeouts)
    case 'lost':
      return { state: { name: 'closed', reason: event.reason }, actions: [{ do: 'end', reason: event.reason }] }
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
      if (frame[0] !== 'hello') return close('HELLO_EXPECTED', `A frame "${word}" came before hello.`)
      return onHello(frame[1], characters, now, timeouts)
    case 'authenticating':
      if (word === 'hello') return close('HELLO_TWICE', 'A second hello came on one connection.')
      if (word === 'bye') return close('NORMAL', 'The client said bye.')
      return hold(state, frame, characters)
    case 'open':
      if (word === 'hello') return close('HELLO_TWICE', 'A second hello came on one connection.')
      if (word === 'bye') return close('NORMAL', 'The client said bye.')
      return { state, actions: [{ do: 'take', frame }] }
    case 'closed':
      return stay(state)
  }
}

function onHello(hello: Hello, characters: number, now: number, timeouts: ServerTimeouts): ServerStep {
  if (hello.version !== PROTOCOL_VERSION) {
    const message = `The client speaks version ${hello.version} of the protocol: this server speaks ${PROTOCOL_VERSION}.`
    return refuse('VERSION', { code: 'VERSION', message })
  }
  if (characters > PROTOCOL_LIMITS.greetingBytes) return close('FLOOD', tooMuch(characters))
  return {
    state: { name: 'authenticating', deadline: now + timeouts.authenticateMs, hello, heldCharacters: characters },
    actions: [{ do: 'authenticate', hello }],
  }
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
  if (state.name === 'greeting') return close('HELLO_TIMEOUT', `No hello came within ${timeouts.helloMs} ms.`)
  if (state.name === 'authenticating') {
    return close('AUTH_TIMEOUT', `"authenticate" gave nothing within ${timeouts.authenticateMs} ms.`)
  }
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
      { do: 'end', reason },
    ],
  }
}

function stay(state: ServerState): ServerStep {
  return { state, actions: [] }
}
