import type { StandardSchemaV1 as Schema } from '@standard-schema/spec'

/** What a procedure is to its caller. A query may be sent again after a lost session; a mutation may not, unless it is idempotent. */
export type Kind = 'query' | 'mutation' | 'subscription'

/** A procedure as the run time sees it: everything its builder was told, without types. */
export interface Definition {
  readonly kind: Kind
  readonly input: Schema | undefined
  readonly output: Schema | undefined
  /** The schema of each item that the caller streams in. */
  readonly items: Schema | undefined
  readonly errors: Readonly<Record<string, Schema>>
  readonly meta: unknown
  readonly idempotent: boolean
  /** Outermost first. */
  readonly middleware: readonly Middleware[]
  readonly handler: (call: unknown) => unknown
}

/** A middleware without its types: it gets the call with `next`, and hands back what `next` gave. */
export type Middleware = (call: unknown) => unknown
