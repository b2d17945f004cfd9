import { HotlineError } from '@hotline/core'
import type { ClientState } from '@hotline/core/internal'

/** Where a client's connection is, for people to see. A new frozen object at each change. */
export type ConnectionState =
  /** Nothing has been called yet. */
  | { readonly name: 'idle' }
  /** `auth` is being asked, the socket is opening, the server has been greeted. `attempt` 0 is the first. */
  | { readonly name: 'authorizing' | 'connecting' | 'greeting'; readonly attempt: number }
  | { readonly name: 'open' }
  /** Between two attempts. `retryAt` is the next one's time, as `Date.now()` counts. */
  | { readonly name: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly reason: string }
  /** The server refused the credentials twice: `connect()` when there are better ones. */
  | { readonly name: 'unauthenticated'; readonly reason: string }
  /** For good: `close()` was called, or the server doesn't want this client back. */
  | { readonly name: 'closed'; readonly reason: string }

/** What the application sees of the machine's state. `epoch` is `Date.now()` when the machine's clock was at 0. */
export function visibleState(state: ClientState, epoch: number): ConnectionState {
  switch (state.name) {
    case 'idle':
    case 'open':
      return Object.freeze({ name: state.name })
    case 'authorizing':
    case 'connecting':
    case 'greeting':
      return Object.freeze({ name: state.name, attempt: state.attempt })
    case 'waiting': {
      const { name, attempt, deadline, reason } = state
      return Object.freeze({ name, attempt, retryAt: Math.round(epoch + deadline), reason })
    }
    case 'unauthenticated':
    case 'closed':
      return Object.freeze({ name: state.name, reason: state.reason })
  }
}

/** What a call rejects with that is made in a state which no longer carries any. */
export function refusedCall(state: ClientState): HotlineError {
  const reason = 'reason' in state ? state.reason : undefined
  return new HotlineError(state.name === 'closed' ? 'CLOSED' : 'UNAUTHORIZED', undefined, { message: reason })
}
