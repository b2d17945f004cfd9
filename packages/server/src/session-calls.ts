import type { Codec } from '@hotline/core'
import {
  type CallReport,
  type Floods,
  type Hello,
  type Holdings,
  idempotencyScope,
  type ProcedureTable,
  type ResponderOptions,
} from '@hotline/core/internal'
import type { SessionHost } from './session-host.ts'
import type { SessionConnection } from './session-view.ts'

/** Whose calls they are. */
interface CallingSession {
  readonly principal: string | undefined
  readonly floods: Floods
  readonly holdings: Holdings
  readonly seen: SessionConnection
}

/** How the calls of one session are answered. It keeps what is the session's own, and asks for what all of them share. */
export class SessionCalls implements ResponderOptions {
  readonly timeoutMs: number
  readonly #host: SessionHost
  readonly #session: CallingSession
  /** The client's own id. */
  readonly #client: string

  constructor(host: SessionHost, session: CallingSession, { timeoutMs, client }: Hello) {
    this.timeoutMs = timeoutMs
    this.#host = host
    this.#session = session
    this.#client = client
  }

  get codec(): Codec {
    return this.#host.settings.codec
  }

  get connection(): SessionConnection {
    return this.#session.seen
  }

  get exposesErrors(): boolean {
    return this.#host.settings.exposesErrors
  }

  get procedures(): ProcedureTable {
    return this.#host.procedures
  }

  get maxCalls(): number {
    return this.#host.settings.limits.maxCalls
  }

  get maxStreams(): number {
    return this.#host.settings.limits.maxStreams
  }

  get floods(): Floods {
    return this.#session.floods
  }

  get holdings(): Holdings {
    return this.#session.holdings
  }

  get keyed(): NonNullable<ResponderOptions['keyed']> {
    const { keyedRuns: runs } = this.#host.settings
    return { scope: idempotencyScope(this.#session.principal, this.#client), runs }
  }

  get newId(): () => string {
    return this.#host.settings.newErrorId
  }

  report({ path, id, reason }: CallReport): void {
    this.#host.report({ error: reason, path, id, principal: this.#session.principal })
  }
}
