import type { Empty } from './declared.ts'
import type { HotlineError } from './hotline-error.ts'
import type { Procedure } from './procedure.ts'
import type { Stream } from './stream.ts'

/** `export interface Api extends Infer<typeof api> {}`: an interface keeps its name in hovers and errors. */
export type Infer<R> = R

/** What a caller sends to a procedure of the router, or through a function of the client. */
export type InputOf<T> = CallOf<T> extends (input: infer In, ...rest: never) => unknown ? In : never

/** What a call of it resolves to. For a subscription that is its `Stream`. */
export type OutputOf<T> = ReplyFrom<T> extends Promise<infer Out> ? Out : never

/** What a subscription's stream gives. */
export type StreamItemOf<T> = OutputOf<T> extends Stream<infer Item, infer _> ? Item : never

/** The errors it declares, as a table `{ CODE: Data }`. */
export type DeclaredErrorsOf<T> =
  ReplyFrom<T> extends { readonly '~errors'?: infer Errors } ? NonNullable<Errors> : Empty

/** The errors it declares, as a union of `HotlineError`s. */
export type ErrorsOf<T> = ErrorUnion<DeclaredErrorsOf<T>>

/** A table `{ CODE: Data }` as the union of its errors. */
export type ErrorUnion<Errors> = {
  [Code in keyof Errors & string]: HotlineError<Code, Errors[Code]>
}[keyof Errors & string]

type CallOf<T> = T extends Procedure<infer ClientCall, infer _> ? ClientCall : T
type ReplyFrom<T> = CallOf<T> extends (...args: never) => infer R ? R : never
