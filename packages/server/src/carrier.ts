import type { CloseName } from '@hotline/core/internal'

/** The connection that carries a session. */
export interface Carrier {
  /** Where its client is. */
  readonly address: string
  /** Tells the client that this server will end, if it will. */
  sendGoAway(): void
  /** Closes it from this side. */
  end(close: CloseName, reason: string): void
  giveUp(reason: string): void
  /** A principal is thrown out: whoever was let in as it is gone. */
  revoke(principal: string): void
}

/** A connection's claim to a session, once granted. */
export interface Claim {
  readonly generation: number
  /** What its handlers get from now on. */
  readonly context: unknown
  /** The secret that it resumes with; `undefined` for a hello. */
  readonly presented: string | undefined
}
