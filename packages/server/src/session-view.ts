import type { CallOptions, Client } from '@hotline/core'
import { type CallConnection, clientProxy, type WatchedStream } from '@hotline/core/internal'
import type { ConnectedClient } from './connected-client.ts'

/** What is shown of a session. */
interface ShownSession extends Pick<ConnectedClient, 'id' | 'principal' | 'state'> {
  readonly view: SessionView
  call(path: string, input: unknown, options: CallOptions | undefined): Promise<unknown>
  watch(stream: WatchedStream): void
}

/** A session as the application sees it. */
export class SessionView implements ConnectedClient<unknown> {
  readonly #session: ShownSession
  readonly #connection: Pick<CallConnection, 'context'>
  #client: Client<unknown> | undefined

  constructor(session: ShownSession, connection: Pick<CallConnection, 'context'>) {
    this.#session = session
    this.#connection = connection
  }

  get id(): string {
    return this.#session.id
  }

  get principal(): string | undefined {
    return this.#session.principal
  }

  get context(): unknown {
    return this.#connection.context
  }

  get state(): 'open' | 'away' | 'ended' {
    return this.#session.state
  }

  /** Most clients are never called: it is made when somebody asks. */
  get client(): Client<unknown> {
    // The proxy has every path, and what is sent was typed where it was called, its options too.
    this.#client ??= clientProxy((path, input, options) =>
      this.#session.call(path, input, options as CallOptions | undefined),
    ) as Client<unknown>
    return this.#client
  }
}

/** What handlers see of a session's connection. */
export class SessionConnection implements CallConnection {
  context: unknown
  address: string | undefined
  readonly #session: ShownSession

  constructor(session: ShownSession) {
    this.#session = session
  }

  get client(): unknown {
    return this.#session.view.client
  }

  get principal(): string | undefined {
    return this.#session.principal
  }

  watch(stream: WatchedStream): void {
    this.#session.watch(stream)
  }
}
