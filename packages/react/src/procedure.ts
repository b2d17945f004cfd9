import type { Codec, Stream } from '@hotline/core'
import type { KeySettings } from './query-key.ts'

/** How a procedure is called. */
export type Call = (input: unknown, options: object) => Promise<unknown>

/** The procedure that options are made for, and what goes for all. */
export interface Procedure {
  readonly path: string
  readonly call: Call
  /** The same procedure as a stream, where it is a live query. */
  readonly callLive: Call
  readonly keys: KeySettings
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

/** The procedure of a client or a caller by its path. */
export function callOf(api: object, path: string): Call {
  return (input, options) => {
    const names = path === '' ? [] : path.split('.')
    // Both have every path as a function.
    const call = names.reduce((node, name) => Reflect.get(node, name) as object, api) as Call
    return call(input, options)
  }
}

/** A call of a procedure that is a subscription. */
export function openStream(call: Call, input: unknown, options: object): Promise<Stream<unknown, unknown>> {
  // The options were typed as a subscription's.
  return call(input, options) as Promise<Stream<unknown, unknown>>
}
