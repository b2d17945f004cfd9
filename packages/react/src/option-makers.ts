import type { Stream } from '@hotline/core'
import type { QueryFunctionContext, QueryKey } from '@tanstack/query-core'
import type { MakeChange } from './changes.ts'
import { needLiveCache } from './live-registry.ts'
import type { LiveSpec } from './live-spec.ts'
import { openStream, type Procedure } from './procedure.ts'
import { entryKey, type KeyType, pathKey } from './query-key.ts'
import type { SubscriptionOptions } from './query-types.ts'
import { readItems, readSnapshot } from './read-query.ts'
import { retryDelay } from './retry.ts'

/** What options are made with: their types were checked where they were written. */
interface Settings {
  readonly [name: string]: unknown
  readonly call?: object | undefined
  readonly meta?: object | undefined
}

/** Makes something of a procedure's path and up to two arguments. */
export type Maker = (procedure: Procedure, first: never, second: never) => unknown

/** What stands behind each name that ends a path. */
export const MAKERS = {
  pathKey: ({ keys, path }) => pathKey(keys, path),
  pathFilter: ({ keys, path }, filters: object | undefined) => ({ ...filters, queryKey: pathKey(keys, path) }),
  queryKey: ({ keys, path }, input: unknown) => entryKey(keys, path, { type: 'query', input }),
  queryFilter: ({ keys, path }, input: unknown, filters: object | undefined) => ({
    ...filters,
    queryKey: entryKey(keys, path, { type: 'query', input }),
  }),
  infiniteKey: ({ keys, path }, input: unknown) => entryKey(keys, path, { type: 'infinite', input }),
  mutationKey: ({ keys, path }) => pathKey(keys, path),

  queryOptions(procedure, input: unknown, { call, ...settings }: Settings = {}) {
    const queryFn = readSnapshot(({ signal }) => procedure.call(input, { ...call, signal }))
    return query(procedure, { type: 'query', input }, queryFn, settings)
  },

  infiniteOptions(procedure, { input: inputOf, call, ...settings }: Settings & { input: (page: unknown) => unknown }) {
    const input = inputOf(settings.initialPageParam)
    const queryFn = readSnapshot(({ pageParam, signal }: QueryFunctionContext) =>
      procedure.call(inputOf(pageParam), { ...call, signal }),
    )
    return query(procedure, { type: 'infinite', input }, queryFn, settings)
  },

  /** Of a query with a `stream` beside it, of a live query by its `values`, or of a subscription whose items are the value. */
  liveOptions(procedure, input: unknown, { call, stream, reduce, values, ...settings }: Settings & Partial<Live> = {}) {
    const own = { staleTime: Number.POSITIVE_INFINITY, ...settings }
    if (stream === undefined) {
      const entry = { type: values === undefined ? 'live' : 'query', input } as const
      const open = async (signal: AbortSignal) => {
        if (values === undefined) return openStream(procedure.call, input, { ...call, signal })
        return values(await openStream(procedure.callLive, input, { ...call, signal }))
      }
      const last = (_: unknown, item: unknown) => item
      return query(procedure, entry, readItems({ id: 'items', open, reduce: last, hasSnapshot: false }), own)
    }
    const { subscribe, subscriptionKey } = stream
    const live = subscribe && { id: JSON.stringify(subscriptionKey), open: subscribe, reduce, hasSnapshot: true }
    const queryFn = readSnapshot(({ signal }) => procedure.call(input, { ...call, signal }), live)
    return query(procedure, { type: 'query', input }, queryFn, own)
  },

  streamedOptions(procedure, input: unknown, { call, max, ...settings }: Settings & { max?: number } = {}) {
    const reduce = (items: unknown, item: unknown) =>
      [...(items as unknown[]), item].slice(max === undefined ? 0 : -max)
    const own = { staleTime: Number.POSITIVE_INFINITY, ...settings }
    const open = (signal: AbortSignal) => openStream(procedure.call, input, { ...call, signal })
    const queryFn = readItems({ id: 'items', open, reduce, hasSnapshot: false, initial: [] })
    return query(procedure, { type: 'streamed', input }, queryFn, own)
  },

  subscriptionOptions(procedure, input: unknown, { call, ...settings }: Settings = {}) {
    return {
      ...settings,
      subscriptionKey: entryKey(procedure.keys, procedure.path, { type: 'subscription', input }),
      subscribe: isSkipped(input)
        ? undefined
        : (signal: AbortSignal) => openStream(procedure.call, input, { ...call, signal }),
    }
  },

  mutationOptions({ path, call: run, keys }, { call, optimistic, ...settings }: Settings & MakeChange = {}) {
    const mutationFn = async (input: unknown, { client }: Pick<QueryFunctionContext, 'client'>) => {
      const cache = optimistic === undefined ? undefined : needLiveCache(client, '"optimistic"')
      const result = await run(input, { ...(typeof call === 'function' ? call(input) : call) })
      cache?.changes.answer(path, input, result)
      return result
    }
    return {
      networkMode: 'always',
      ...settings,
      mutationKey: pathKey(keys, path),
      mutationFn: Object.assign(mutationFn, { path, optimistic }),
      meta: { ...settings.meta, hotline: { path, type: 'mutation' } },
    }
  },
} as const satisfies Readonly<Record<string, Maker>>

interface Live {
  readonly values: (stream: Stream<unknown, unknown>) => Stream<unknown, unknown>
  readonly stream: SubscriptionOptions<unknown, unknown>
  readonly reduce: LiveSpec['reduce']
}

interface Entry {
  readonly type: KeyType
  readonly input: unknown
}

/** What all queries have in common; `settings` come last, but for what makes the entry what it is. */
function query(procedure: Procedure, entry: Entry, queryFn: unknown, settings: Settings): object {
  const { keys, path, retry } = procedure
  const { type, input } = entry
  return {
    // Hotline knows better than `navigator.onLine` whether there is a line, and calls wait for it by themselves.
    networkMode: 'always',
    retry,
    retryDelay,
    ...settings,
    queryKey: entryKey(keys, path, entry) satisfies QueryKey,
    // TanStack's `skipToken` is the one symbol that may stand for an input, and for a query function.
    queryFn: isSkipped(input) ? input : queryFn,
    meta: { ...settings.meta, hotline: { path, type } },
  }
}

function isSkipped(input: unknown): boolean {
  return typeof input === 'symbol'
}
