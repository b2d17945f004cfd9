import type { AnyErrorMakers } from './error-makers.ts'
import { noClient } from './no-client.ts'
import type { Endpoint } from './procedure-table.ts'

/** What a call carries beside its input. */
export interface Carried {
  readonly headers: Readonly<Record<string, string>>
  readonly lastEventId: string | undefined
  readonly idempotencyKey: string | undefined
  readonly items: AsyncIterable<unknown>
}

const NO_ITEMS: AsyncIterable<unknown> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
}

export const NOTHING_CARRIED: Carried = {
  headers: /* @__PURE__ */ Object.freeze({}),
  lastEventId: undefined,
  idempotencyKey: undefined,
  items: NO_ITEMS,
}

/** A stream that runs, and what asks whether it still may. */
export interface WatchedStream {
  /** Its call's own. */
  readonly signal: AbortSignal
  /** It is asked as often at least. */
  readonly everyMs: number
  /** Rejects with the error that the stream is to end with. */
  check(): Promise<void>
}

/** What a handler sees of the connection that its call came on: one object for all calls of a session. */
export interface CallConnection {
  /** The newest context: another one after credentials were renewed. */
  readonly context: unknown
  /** Calls procedures of the end that made the call. */
  readonly client?: unknown
  /** Who authentication says it is. */
  readonly principal?: string | undefined
  /** The newest address that it came from. */
  readonly address?: string | undefined
  /** Asks of a stream again and again whether it may go on, until it has ended. Missing where nobody has a clock. */
  readonly watch?: ((stream: WatchedStream) => void) | undefined
}

/** One run of a procedure, and the object that its handler is called with. What few handlers ask for is made when asked. */
export class Invocation {
  readonly endpoint: Endpoint
  input: unknown
  ctx: unknown
  /** Whether the handler has begun. */
  hasBegun = false
  /** Whether it has ended, though a middleware may still call `next`: its caller was told whether the handler has begun. */
  isOver = false
  readonly connection: CallConnection
  readonly #carried: Carried
  #controller: AbortController | undefined
  #abortReason: unknown

  constructor(endpoint: Endpoint, input: unknown, connection: CallConnection, carried: Carried) {
    this.endpoint = endpoint
    this.input = input
    this.connection = connection
    this.ctx = connection.context
    this.#carried = carried
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason)
    }
    return this.#controller.signal
  }

  /** Aborts `signal`; only the first reason counts. */
  abort(reason: Error): void {
    this.#abortReason ??= reason
    this.#controller?.abort(reason)
  }

  get isAborted(): boolean {
    return this.#abortReason !== undefined
  }

  /** That of `signal`, which needn't be made to ask for it: most streams end without anybody having looked at theirs. */
  get abortReason(): unknown {
    return this.#abortReason
  }

  get path(): string {
    return this.endpoint.path
  }

  get meta(): unknown {
    return this.endpoint.definition.meta
  }

  get errors(): AnyErrorMakers {
    return this.endpoint.errors
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#carried.headers
  }

  get lastEventId(): string | undefined {
    return this.#carried.lastEventId
  }

  get idempotencyKey(): string | undefined {
    return this.#carried.idempotencyKey
  }

  get items(): AsyncIterable<unknown> {
    return this.#carried.items
  }

  get client(): unknown {
    return this.connection.client ?? noClient()
  }
}
