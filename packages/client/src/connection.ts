import type { SessionStats } from '@hotline/core/internal'
import type { ConnectionState } from './connection-state.ts'

/** A client's line to its server: what `connectionOf(api)` gives. */
export interface Connection {
  readonly state: ConnectionState
  /** Calls `listener` after each change of `state`; gives the undo. Made for `useSyncExternalStore`. */
  readonly subscribe: (listener: () => void) => () => void
  /** What this end keeps at the moment: for tests and for looking into what is slow. */
  stats(): SessionStats
  /** Connects now: before the first call, instead of waiting for the next attempt, or with better credentials. */
  connect(): void
  /** Ends it for good: what is open rejects with `CLOSED`. Closing twice is fine. */
  close(): void
  /** Never there: by it the compiler refuses a connection where its client is wanted. */
  readonly '~connection'?: true | undefined
}

/**
 * What `createClient` gives, whatever its API is. `object`, since the compiler makes an API of this type where a client is
 * made right there: `connectionOf(createClient({ url }))`.
 */
export type AnyClient = object & { readonly '~connection'?: object | undefined }
