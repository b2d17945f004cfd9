import { mayReconnect, SHARED_CLOSE_CODES } from '../protocol/close-code.ts'
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
  readonly authTimeoutMs: number
  readonly connectTimeoutMs: number
  readonly helloTimeoutMs: number
  readonly backoff: BackoffOptions
}

export interface ClientStep {
  readonly state: ClientState
  readonly actions: readonly ClientAction[]
}

/** Refusals in a row that end in `unauthenticated`: the second time, fresh credentials were refused too. */
const MAX_REFUSALS = 2

const PAUSED = 'The application is paused.'

/** The client's connection machine: what an event at `now` makes of a state, and what the driver must do. */
export function stepClient(state: ClientState, event: ClientEvent, now: number, timeouts: ClientTimeouts): ClientStep {
  if (state.name === 'closed') return become(state)
  switch (event.name) {
    case 'connect':
      return mayConnect(state) ? authorize(triesOf(state), now, timeouts) : become(state)
    case 'auth': {
      if (state.name !== 'authorizing') return become(state)
      const deadline = now + timeouts.connectTimeoutMs
      return become({ ...state, name: 'connecting', deadline, auth: event.auth }, { do: 'open' })
    }
    case 'authFailed':
      return state.name === 'authorizing' ? retry(state, event, now, timeouts) : become(state)
    case 'opened':
      return state.name === 'connecting' ? greet(state, now, timeouts) : become(state)
    case 'admitted':
      if (state.name !== 'greeting') return become(state)
      return become({ name: 'open', attempt: state.attempt, deadline: event.renewAt }, { do: 'begin' })
    case 'renewed':
      return become(state.name === 'open' ? { ...state, deadline: event.renewAt } : state)
    case 'declined':
      return state.name === 'greeting' ? greet(state, now, timeouts) : become(state)
    case 'lost':
      return hasSocket(state) ? lost(triesOf(state), event, now, timeouts) : become(state)
    case 'progress':
      return become(state.name === 'open' && state.attempt > 0 ? { ...state, attempt: 0 } : state)
    case 'deadline':
      return late(state, event.random, now, timeouts)
    case 'hurry':
      return become(hurry(state, event.random, now, timeouts))
    case 'pause':
      // Who doesn't try has nothing to pause.
      return 'attempt' in state ? wait(triesOf(state), PAUSED, Number.POSITIVE_INFINITY) : become(state)
    case 'close':
      return end('The application closed the client.', 'CLOSED')
  }
}

function become(state: ClientState, ...actions: readonly ClientAction[]): ClientStep {
  return { state, actions }
}

function mayConnect(state: ClientState): boolean {
  return state.name === 'idle' || state.name === 'waiting' || state.name === 'unauthenticated'
}

function hasSocket(state: ClientState): state is ClientState & { name: 'connecting' | 'greeting' | 'open' } {
  return state.name === 'connecting' || state.name === 'greeting' || state.name === 'open'
}

function late(state: ClientState, random: number, now: number, timeouts: ClientTimeouts): ClientStep {
  if (now < clientDeadline(state)) return become(state)
  switch (state.name) {
    case 'authorizing':
      return retry(state, { reason: `"auth" gave nothing within ${timeouts.authTimeoutMs} ms.`, random }, now, timeouts)
    case 'connecting':
      return retry(
        state,
        { reason: `The socket did not open within ${timeouts.connectTimeoutMs} ms.`, random },
        now,
        timeouts,
      )
    case 'greeting':
      return retry(state, { reason: `No welcome came within ${timeouts.helloTimeoutMs} ms.`, random }, now, timeouts)
    case 'waiting':
      return authorize(state, now, timeouts)
    case 'open':
      return become({ ...state, deadline: Number.POSITIVE_INFINITY }, { do: 'renew' })
    case 'idle':
    case 'unauthenticated':
    case 'closed':
      return become(state)
  }
}

function authorize({ attempt, refusals }: Tries, now: number, timeouts: ClientTimeouts): ClientStep {
  return become({ name: 'authorizing', attempt, refusals, deadline: now + timeouts.authTimeoutMs }, { do: 'authorize' })
}

function greet(
  state: ClientState & { name: 'connecting' | 'greeting' },
  now: number,
  timeouts: ClientTimeouts,
): ClientStep {
  const { auth } = state
  return become({ ...state, name: 'greeting', deadline: now + timeouts.helloTimeoutMs }, { do: 'greet', auth })
}

/** Jittered, since a whole office comes back online in the same second. */
function hurry(state: ClientState, random: number, now: number, timeouts: ClientTimeouts): ClientState {
  // A pause ends only when the application says so.
  if (state.name !== 'waiting' || state.deadline === Number.POSITIVE_INFINITY) return state
  return { ...state, deadline: Math.min(state.deadline, now + backoff(0, random, timeouts.backoff)) }
}

/** What is counted since the last success. */
interface Tries {
  readonly attempt: number
  readonly refusals: number
}

interface Failure {
  readonly reason: string
  readonly random: number
  readonly retryAfterMs?: number | undefined
}

function lost(tries: Tries, event: ClientEvent & { name: 'lost' }, now: number, timeouts: ClientTimeouts): ClientStep {
  const { code, reason } = event
  if (!mayReconnect(code)) return end(reason, 'NOT_SENT')
  if (code !== SHARED_CLOSE_CODES.CREDENTIALS) return retry(tries, event, now, timeouts)
  const { attempt, refusals } = tries
  if (refusals + 1 < MAX_REFUSALS) return retry({ attempt, refusals: refusals + 1 }, event, now, timeouts)
  return become({ name: 'unauthenticated', reason }, drop(reason), { do: 'settle', as: 'UNAUTHORIZED', reason })
}

function retry(
  { attempt, refusals }: Tries,
  { reason, random, retryAfterMs = 0 }: Failure,
  now: number,
  timeouts: ClientTimeouts,
): ClientStep {
  const waitMs = Math.max(retryAfterMs, backoff(attempt, random, timeouts.backoff))
  return wait({ attempt: attempt + 1, refusals }, reason, now + waitMs)
}

function wait({ attempt, refusals }: Tries, reason: string, deadline: number): ClientStep {
  return become({ name: 'waiting', attempt, refusals, deadline, reason }, drop(reason))
}

function end(reason: string, as: 'CLOSED' | 'NOT_SENT'): ClientStep {
  return become(
    { name: 'closed', reason },
    { do: 'drop', reason, isOver: as === 'CLOSED' },
    { do: 'settle', as, reason },
  )
}

function drop(reason: string): ClientAction {
  return { do: 'drop', reason, isOver: false }
}

function triesOf(state: ClientState): Tries {
  return { attempt: 'attempt' in state ? state.attempt : 0, refusals: 'refusals' in state ? state.refusals : 0 }
}
