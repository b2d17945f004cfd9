import type { StandardSchemaV1 as Schema } from '@standard-schema/spec'

/** A schema's two sides: what is sent, and what is received. */
export interface Pair<In, Out> {
  readonly input: In
  readonly output: Out
}

/** The types of a schema, resolved where it is declared: from there on no schema type travels further. */
export type TypesOf<S extends Schema> = Pair<Schema.InferInput<S>, Schema.InferOutput<S>>

/** A procedure without `input` is called with nothing. */
export type Nothing = Pair<undefined, undefined>

/** Without a schema anything may be sent, and `never` on the receiving side tells that none was declared. */
export type Undeclared = Pair<unknown, never>

// biome-ignore lint/complexity/noBannedTypes: the empty object is meant, the neutral element of `&`
export type Empty = {}

/** Everything a builder has been told so far. */
export interface Declared {
  /** What authentication gives; `context` is what middleware has made of it. */
  readonly base: unknown
  readonly context: unknown
  readonly client: unknown
  readonly meta: unknown
  readonly errors: unknown
  readonly input: Pair<unknown, unknown>
  readonly items: Pair<unknown, unknown>
  readonly output: Pair<unknown, unknown>
}

/** A builder that was told nothing yet. */
export interface Fresh<Context, ClientApi> {
  readonly base: Context
  readonly context: Context
  readonly client: ClientApi
  readonly meta: undefined
  readonly errors: Empty
  readonly input: Nothing
  readonly items: Undeclared
  readonly output: Undeclared
}

/** `D` with one thing said anew. */
export type With<D, Key extends keyof D, Value> = { readonly [Name in keyof D]: Name extends Key ? Value : D[Name] }
