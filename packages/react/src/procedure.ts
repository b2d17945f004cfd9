import type { Codec, Stream } from '@hotline/core'
import type { KeySettings } from './query-key.ts'

/** How a procedure is called. */
export type Call = (input: unknown, options?: object) => Promise<unknown>

/** The procedure that options are made for, and what goes for all. */
export interface Procedure extends KeySettings {
  readonly call: Call
  /** The same procedure as a stream, where it is a live query. */
  readonly callLive: Call
  /** TanStack's `retry` for what only reads. */
  readonly retry: unknown
}

export interface FactoryOptions {
  /** What all keys begin with: where two APIs share a cache. */
  readonly prefix?: string | undefined
  /** The codec of the client, where it has one of its own. */
  readonly codec?: Codec | undefined
  /** TanStack's `retry` of all queries, instead of the one that knows Hotline's errors: `false` in tests, say. */
  readonly retry?: boolean | number | ((failures: number, error: unknown) => boolean) | undefined
}

/** A client, a caller or their options: all of them have every path, as a function. */
type ApiNode = Call & { readonly [name: string]: ApiNode }

/** What stands at a path of a client, a caller or their options. It is looked up when it is called. */
export function callOf(api: object, names: readonly string[]): Call {
  // The only objects that are given here are such nodes.
  return (...args) => names.reduce((node, name) => node[name] as ApiNode, api as ApiNode)(...args)
}

/** Calls a procedure until the signal aborts. What it gives was typed where the options were written. */
export function calling<Reply = Stream<unknown, unknown>>(call: Call, input: unknown, options: object | undefined) {
  return (signal: AbortSignal) => call(input, { ...options, signal }) as Promise<Reply>
}
