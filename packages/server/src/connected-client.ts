import type { Client, Empty } from '@hotline/core'

/**
 * A client that the server can reach: one for each session, for as long as that lives, so between two connections too.
 * `ClientApi` is the type of what the client serves with its `handlers`; nothing checks that it does.
 */
export interface ConnectedClient<ClientApi = Empty, Context = unknown> {
  /** The session's name: may be logged, proves nothing. */
  readonly id: string
  /** What `authenticate` gave, never the client's own word. */
  readonly principal: string | undefined
  /** What handlers of its next call get as `ctx`: another one after credentials were renewed. */
  readonly context: Context
  /** `away`: its connection is lost, and it may come back. `ended`: it won't, as the same client at least. */
  readonly state: 'open' | 'away' | 'ended'
  /**
   * Calls its procedures. Where it is away they wait for it until their deadline; where it has ended they reject with
   * `NOT_SENT` at once.
   */
  readonly client: Client<ClientApi>
}
