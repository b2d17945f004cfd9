import { CLOSE_CODES, mayReconnect } from '../protocol/close-code.ts'
import { type BackoffOptions, backoff } from './backoff.ts'
import { type ClientState, clientDeadline } from './client-state.ts'

export type ClientEvent =
  /** A call waits, or the application asks for a connection now. */
  | { readonly name: 'connect' }
  | { readonly name: 'auth'; readonly auth: unknown }
  | { readonly name: 'authFailed'; readonly reason: string; readonly random: number }
  | { readonly name: 'opened' }
  /** The server has taken the session up; newer credentials are due at `renewAt`. */
  | { readonly name: 'admitted'; readonly renewAt: number }
  /** The server has taken newer credentials. */
  | { readonly name: 'renewed'; readonly renewAt: number }
  /** The session can't be resumed: the driver has forgotten it, and another may begin on the same socket. */
  | { readonly name: 'declined' }
  /** The socket ended, whatever the cause; the driver has forgotten it. */
  | {
      readonly name: 'lost'
      readonly code: number
      readonly reason: string
      readonly retryAfterMs: number | undefined
      readonly random: number
    }
  /** Something was acknowledged, or the connection has stood for a while. */
  | { readonly name: 'progress' }
  | { readonly name: 'deadline'; readonly random: number }
  /** The network or the page came back: there is reason to try sooner. */
  | { readonly name: 'hurry'; readonly random: number }
  /** The application is put to sleep: no connection until `connect`. */
  | { readonly name: 'pause' }
  | { readonly name: 'close' }

export type ClientAction =
  | { readonly do: 'authorize' }
  | { readonly do: 'open' }
  | { readonly do: 'greet'; readonly auth: unknown }
  /** End the socket, if there is one, and forget it: its later events no longer count. `isOver`: say bye before. */
  | { readonly do: 'drop'; readonly reason: string; readonly isOver: boolean }
  | { readonly do: 'begin' }
  /** Ask `auth` again and send what it gives on the live connection. */
  | { readonly do: 'renew' }
  /** Settle every call: nothing will carry it. */
  | { readonly do: 'settle'; readonly as: 'CLOSED' | 'NOT_SENT' | 'UNAUTHORIZED'; readonly reason: string }

export interface ClientTimeouts {
  readonly authMs: number
  readonly connectMs: number
  readonly helloMs: number
  readonly backoff: BackoffOptions
}

export interface ClientStep {
  readonly state: ClientState
  readonly actions: readonly ClientAction[]
}

/** Refusals in a row that end in `unauthenticated`: the second time, fresh credentials were refused too. */
const MAX_REFUSALS = 2

/** The client's connection machine: what an event at `now` makes of a state, and what the driver must do. */
export function stepClient(state: ClientState, event: ClientEvent, now: number, timeouts: ClientTimeouts): ClientStep {
  if (state.name === 'closed') return stay(state)
  switch (event.name) {
    case 'connect':
      return mayConnect(state) ? authorize(attemptOf(state), refusalsOf(state), now, timeouts) : stay(state)
    case 'auth':
      if (state.name !== 'authorizing') return stay(state)
      return {
        state: { ...state, name: 'connecting', deadline: now + timeouts.connectMs, auth: event.auth },
        actions: [{ do: 'open' }],
      }
    case 'authFailed':
      return state.name === 'authorizing' ? retry(state, event, now, timeouts) : stay(state)
    case 'opened':
      if (state.name !== 'connecting') return stay(state)
      return {
        state: { ...state, name: 'greeting', deadline: now + timeouts.helloMs },
        actions: [{ do: 'greet', auth: state.auth }],
      }
    case 'admitted':
      if (state.name !== 'greeting') return stay(state)
      return {
        state: { name: 'open', attempt: state.attempt, deadline: event.renewAt },
        actions: [{ do: 'begin' }],
      }
    case 'renewed':
      return state.name === 'open' ? stay({ ...state, deadline: event.renewAt }) : stay(state)
    case 'declined':
      if (state.name !== 'greeting') return stay(state)
      return {
        state: { ...state, deadline: now + timeouts.helloMs },
        actions: [{ do: 'greet', auth: state.auth }],
      }
    case 'lost':
      return hasSocket(state) ? lost(state, event, now, timeouts) : stay(state)
    case 'progress':
      return state.name === 'open' && state.attempt > 0 ? stay({ ...state, attempt: 0 }) : stay(state)
    case 'deadline':
      return late(state, event.random, now, timeouts)
    case 'hurry':
      return state.name === 'waiting' ? stay(hurry(state, event.random, now, timeouts)) : stay(state)
    case 'pause':
      return isActive(state) ? pause(state) : stay(state)
    case 'close':
      return end('The application closed the client.', 'CLOSED')
  }
}

function mayConnect(state: ClientState): boolean {
  return state.name === 'idle' || state.name === 'waiting' || state.name === 'unauthenticated'
}

function isActive(state: ClientState): boolean {
  return state.name === 'authorizing' || state.name === 'waiting' || hasSocket(state)
}

function pause(state: ClientState): ClientStep {
  const reason = 'The application is paused.'
  const common = { attempt: attemptOf(state), refusals: refusalsOf(state) }
  return {
    state: { name: 'waiting', ...common, deadline: Number.POSITIVE_INFINITY, reason },
    actions: [drop(reason)],
  }
}

function hasSocket(state: ClientState): state is ClientState & { name: 'connecting' | 'greeting' | 'open' } {
  return state.name === 'connecting' || state.name === 'greeting' || state.name === 'open'
}

function late(state: ClientState, random: number, now: number, timeouts: ClientTimeouts): ClientStep {
  if (now < clientDeadline(state)) return stay(state)
  switch (state.name) {
    case 'authorizing':
      return retry(state, { reason: `"auth" gave nothing within ${timeouts.authMs} ms.`, random }, now, timeouts)
    case 'connecting':
      return retry(state, { reason: `The socket did not open within ${timeouts.connectMs} ms.`, random }, now, timeouts)
    case 'greeting':
      return retry(state, { reason: `No welcome came within ${timeouts.helloMs} ms.`, random }, now, timeouts)
    case 'waiting':
      return authorize(state.attempt, state.refusals, now, timeouts)
    case 'open':
      return { state: { ...state, deadline: Number.POSITIVE_INFINITY }, actions: [{ do: 'renew' }] }
    case 'idle':
    case 'unauthenticated':
    case 'closed':
      return stay(state)
  }
}

function authorize(attempt: number, refusals: number, now: number, timeouts: ClientTimeouts): ClientStep {
  return {
    state: { name: 'authorizing', attempt, refusals, deadline: now + timeouts.authMs },
    actions: [{ do: 'authorize' }],
  }
}

/** Jittered, since a whole office comes back online in the same second. */
function hurry(
  state: ClientState & { name: 'waiting' },
  random: number,
  now: number,
  timeouts: ClientTimeouts,
): ClientState {
  // A pause ends only when the application says so.
  if (state.deadline === Number.POSITIVE_INFINITY) return state
  return { ...state, deadline: Math.min(state.deadline, now + backoff(0, random, timeouts.backoff)) }
}

interface Failure {
  readonly reason: string
  readonly random: number
  readonly retryAfterMs?: number | undefined
}

function lost(
  state: ClientState,
  event: ClientEvent & { name: 'lost' },
  now: number,
  timeouts: ClientTimeouts,
): ClientStep {
  if (!mayReconnect(event.code)) return end(event.reason, 'NOT_SENT')
  if (event.code !== CLOSE_CODES.CREDENTIALS) return retry(state, event, now, timeouts)
  const refusals = refusalsOf(state) + 1
  if (refusals < MAX_REFUSALS) return retry(state, event, now, timeouts, refusals)
  const { reason } = event
  return {
    state: { name: 'unauthenticated', reason },
    actions: [drop(reason), { do: 'settle', as: 'UNAUTHORIZED', reason }],
  }
}

function retry(
  state: ClientState,
  { reason, random, retryAfterMs }: Failure,
  now: number,
  timeouts: ClientTimeouts,
  refusals = refusalsOf(state),
): ClientStep {
  const attempt = attemptOf(state)
  const waitMs = Math.max(retryAfterMs ?? 0, backoff(attempt, random, timeouts.backoff))
  return {
    state: { name: 'waiting', attempt: attempt + 1, refusals, deadline: now + waitMs, reason },
    actions: [drop(reason)],
  }
}

function end(reason: string, as: 'CLOSED' | 'NOT_SENT'): ClientStep {
  return {
    state: { name: 'closed', reason },
    actions: [
      { do: 'drop', reason, isOver: as === 'CLOSED' },
      { do: 'settle', as, reason },
    ],
  }
}

function drop(reason: string): ClientAction {
  return { do: 'drop', reason, isOver: false }
}

function stay(state: ClientState): ClientStep {
  return { state, actions: [] }
}

function attemptOf(state: ClientState): number {
  return 'attempt' in state ? state.attempt : 0
}

function refusalsOf(state: ClientState): number {
  return 'refusals' in state ? state.refusals : 0
}
