import type { ConnectionState } from './connection-state.ts'

/** A client's line to its server: what `connectionOf(api)` gives. */
export interface Connection {
  readonly state: ConnectionState
  /** Calls `listener` after each change of `state`; gives the undo. Made for `useSyncExternalStore`. */
  readonly subscribe: (listener: () => void) => () => void
  /** Connects now: before the first call, instead of waiting for the next attempt, or with better credentials. */
  connect(): void
  /** Ends it for good: what is open rejects with `CLOSED`. Closing twice is fine. */
  close(): void
}
