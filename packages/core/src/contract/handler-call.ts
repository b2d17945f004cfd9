import type { Client } from './client-type.ts'
import type { Declared, Empty } from './declared.ts'
import type { Kind } from './definition.ts'
import type { ErrorMakers } from './error-makers.ts'

/** What a handler gets. Take it apart freely; its fields are not all own properties, so do not spread it. */
export interface HandlerCall<D extends Declared> {
  /** As the schema gives it: checked and transformed. */
  readonly input: D['input']['output']
  readonly ctx: D['context']
  /** Aborts when the caller cancels, the deadline passes or the session ends. */
  readonly signal: AbortSignal
  readonly errors: ErrorMakers<D['errors']>
  /** What the caller streams in, each item checked. Empty where `items` was not declared. */
  readonly items: AsyncIterable<D['items']['output']>
  /** The id of the last event that the caller received before its subscription was opened again. */
  readonly lastEventId: string | undefined
  /**
   * The caller's `options.idempotencyKey`. Stored in the same transaction as what the handler changes, together with the
   * result, it keeps the change from happening twice even across a crash (docs/idempotency.md).
   */
  readonly idempotencyKey: string | undefined
  /**
   * Calls procedures that the client of this call serves with its `handlers`. What ends this call doesn't end those: pass
   * `signal` on where it should. When the client's session ends they reject, with `mayHaveRun` as it is.
   */
  readonly client: Client<D['client']>
  /** The connection that the call came on. */
  readonly connection: HandlerConnection<D['base']>
  /** The procedure's own, from `.meta()`. What a call carries is `headers`. */
  readonly meta: D['meta']
  /** The caller's `options.headers`. They are the caller's word and not checked. */
  readonly headers: Readonly<Record<string, string>>
  /** The procedure's full name: `todos.add`. */
  readonly path: string
}

/** Who calls, and from where. */
export interface HandlerConnection<Context> {
  /**
   * The newest context: `ctx` stays as it was when the call began, while a stream that runs for hours may outlive the
   * credentials that it began with.
   */
  readonly context: Context
  /** What `authenticate` gave; `undefined` without one. */
  readonly principal: string | undefined
  /** The address of the client, as its newest connection has it; `undefined` for a caller in the same process. */
  readonly address: string | undefined
}

/** What `next()` resolves to; a middleware hands it back. */
export interface Next<More> {
  readonly '~context': More
}

/** What a middleware gets. It may narrow the context, refuse by throwing, or wrap the handler. */
export interface MiddlewareCall<D extends Declared> extends Omit<HandlerCall<D>, 'input' | 'items'> {
  readonly kind: Kind
  /** Goes on inwards; resolves when the handler has returned, for a subscription when its iterable exists. */
  next(): Promise<Next<Empty>>
  /** Goes on inwards with more context. */
  next<More extends object>(added: { readonly ctx: More }): Promise<Next<More>>
}
