import type { StandardSchemaV1 as Schema } from '@standard-schema/spec'
import type { Call, Reply } from './call.ts'
import type { Declared, TypesOf, With } from './declared.ts'
import type { ErrorCode } from './error-code.ts'
import type { HandlerCall, MiddlewareCall, Next } from './handler-call.ts'
import type { LiveSources } from './live-source.ts'
import type { LiveUpdate } from './live-update.ts'
import type { Procedure } from './procedure.ts'
import type { Stream } from './stream.ts'
import type { Position, Tracked, Untracked } from './tracked.ts'

/** Immutable: every method gives a new builder. The order of the words before the last is free. */
export interface Builder<D extends Declared> {
  /** The schema of the input. Said again, it replaces the one before. */
  input<S extends Schema>(schema: S): Builder<With<D, 'input', TypesOf<S>>>
  /** The schema of the result or, on a subscription, of each item. What it strips is not sent. */
  output<S extends Schema>(schema: S): Builder<With<D, 'output', TypesOf<S>>>
  /** The schema of each item that the caller streams in: for a mutation an upload, for a subscription both ways. */
  items<S extends Schema>(schema: S): Builder<With<D, 'items', TypesOf<S>>>
  /** Errors that the caller may get, by code, each with the schema of its data. Schemas check, they don't transform. */
  errors<Table extends ErrorTable>(
    table: Table,
  ): Builder<With<D, 'errors', D['errors'] & { readonly [Code in keyof Table]: TypesOf<Table[Code]>['output'] }>>
  /** Anything a middleware wants to know about the procedure. Said again, it replaces the one before. */
  meta<const Meta>(meta: Meta): Builder<With<D, 'meta', Meta>>
  /** Running twice does no harm: the call may be sent again after a lost session, as a query's may. */
  idempotent(): Builder<D>
  /** Adds a middleware inside those there are; the context it hands to `next` is added to the handler's. */
  use<More>(
    middleware: (call: MiddlewareCall<D>) => Promise<Next<More>>,
  ): Builder<With<D, 'context', D['context'] & More>>

  /** A procedure that only reads: it may be sent again after a lost session. */
  query<Returned extends D['output']['input']>(
    handler: (call: HandlerCall<D>) => Returned | Promise<Returned>,
  ): Procedure<CallOfBuilder<D, Output<D, Returned>>, D['base']>
  /** A procedure that changes something: it is not run again unless it is idempotent or its call carries a key. */
  mutation<Returned extends D['output']['input']>(
    handler: (call: HandlerCall<D>) => Returned | Promise<Returned>,
  ): Procedure<CallOfBuilder<D, Output<D, Returned>>, D['base']>
  /**
   * A procedure that gives a stream. It is accepted once its iterable exists: what an `async function*` throws ends the
   * stream, and a handler that wants to refuse first is `async (call) => iterable`.
   */
  subscription<Item extends D['output']['input'] | Tracked<D['output']['input']> | Position, Result>(
    handler: (call: HandlerCall<D>) => AsyncIterable<Item, Result> | Promise<AsyncIterable<Item, Result>>,
  ): Procedure<CallOfBuilder<D, Stream<Output<D, Untracked<Item>>, Result>>, D['base']>
  /**
   * A query that can also be followed: `api.todos.list(input)` gives the value once, `api.todos.list.live(input)` a stream
   * of the value and of what changes in it, which `liveValues` reads (docs/live.md).
   */
  live<Returned extends D['output']['input']>(
    query: LiveQuery<D, Returned>,
  ): Procedure<LiveCallOfBuilder<D, Output<D, Returned>>, D['base']>
}

/** What a live query reads, and what tells that it should be read again. */
export interface LiveQuery<D extends Declared, Returned> {
  /**
   * What announces changes: a topic, the events of an emitter, any async iterable, or an array of these. They are
   * listened to before the value is read, so no change is lost between. Only a stream asks for them.
   */
  on(call: HandlerCall<D>): LiveSources | Promise<LiveSources>
  /** Gives the whole value. A stream asks again after each change, one time after the other. */
  query(call: HandlerCall<D>): Returned | Promise<Returned>
}

/** Declared errors: any codes but Hotline's own. */
export type ErrorTable = Readonly<Record<string, Schema>> & { readonly [Code in ErrorCode]?: never }

/** With `.output(schema)` a caller gets what the schema gives; without, what the handler returns. */
export type Output<D extends Declared, Returned> = [D['output']['output']] extends [never]
  ? Returned
  : D['output']['output']

/** A procedure that declares no errors is an ordinary promise to its callers, in hovers too. */
export type ReplyOf<D extends Declared, Out> = keyof D['errors'] extends never ? Promise<Out> : Reply<Out, D['errors']>

/** What a caller streams in, `never` where it can't. */
export type ItemOf<D extends Declared> = [D['items']['output']] extends [never] ? never : D['items']['input']

/** The call of a procedure that a builder ends in. */
export type CallOfBuilder<D extends Declared, Out> = Call<D['input']['input'], ItemOf<D>, ReplyOf<D, Out>>

/** The call of a live query: the query itself, and beside it what opens the stream. */
export type LiveCallOfBuilder<D extends Declared, Out> = CallOfBuilder<D, Out> &
  Followed<CallOfBuilder<D, Stream<LiveUpdate<Out>>>>

/** What a live query's call has besides. */
export interface Followed<LiveCall> {
  /**
   * The same query as a stream: its value at first, and what changed since whenever something did. `liveValues` makes
   * whole values of it.
   */
  readonly live: LiveCall
}
