/** Where a client's connection is. Each state has at most one deadline; `attempt` counts failures since the last progress. */
export type ClientState =
  /** Nothing has been asked for yet. */
  | { readonly name: 'idle' }
  /** The application's `auth` is being asked. */
  | { readonly name: 'authorizing'; readonly attempt: number; readonly refusals: number; readonly deadline: number }
  /** The socket is opening. */
  | {
      readonly name: 'connecting'
      readonly attempt: number
      readonly refusals: number
      readonly deadline: number
      readonly auth: unknown
    }
  /** `hello` or `resume` has gone out. */
  | {
      readonly name: 'greeting'
      readonly attempt: number
      readonly refusals: number
      readonly deadline: number
      readonly auth: unknown
    }
  /** The deadline is that of newer credentials. */
  | { readonly name: 'open'; readonly attempt: number; readonly deadline: number }
  /** Between two attempts. */
  | {
      readonly name: 'waiting'
      readonly attempt: number
      readonly refusals: number
      readonly deadline: number
      readonly reason: string
    }
  /** The credentials were refused twice with no success between; only `connect` leads on. */
  | { readonly name: 'unauthenticated'; readonly reason: string }
  /** Final: closed by the application, or by a code that forbids coming back. */
  | { readonly name: 'closed'; readonly reason: string }

/** When the driver must send `deadline`. */
export function clientDeadline(state: ClientState): number {
  return 'deadline' in state ? state.deadline : Number.POSITIVE_INFINITY
}
