import type { Stream } from '@hotline/core'
import type { QueryFunctionContext } from '@tanstack/query-core'
import type { MakeChange } from './changes.ts'
import { needLiveCache } from './live-registry.ts'
import type { LiveSpec, ReadQuery } from './live-spec.ts'
import { openingOf, type Procedure } from './procedure.ts'
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
  pathKey,
  pathFilter: (procedure, filters: object | undefined) => ({ ...filters, queryKey: pathKey(procedure) }),
  queryKey: (procedure, input: unknown) => entryKey(procedure, 'query', input),
  queryFilter: (procedure, input: unknown, filters: object | undefined) => ({
    ...filters,
    queryKey: entryKey(procedure, 'query', input),
  }),
  infiniteKey: (procedure, input: unknown) => entryKey(procedure, 'infinite', input),
  mutationKey: pathKey,

  queryOptions(procedure, input: unknown, { call, ...settings }: Settings = {}) {
    const queryFn = readSnapshot(({ signal }) => procedure.call(input, { ...call, signal }))
    return query(procedure, { type: 'query', input, queryFn }, settings)
  },

  infiniteOptions(procedure, { input: inputOf, call, ...settings }: Settings & { input: (page: unknown) => unknown }) {
    const queryFn = readSnapshot(({ pageParam, signal }) => procedure.call(inputOf(pageParam), { ...call, signal }))
    return query(procedure, { type: 'infinite', input: inputOf(settings.initialPageParam), queryFn }, settings)
  },

  /** Of a query with a `stream` beside it, of a live query by its `values`, or of a subscription whose items are the value. */
  liveOptions(procedure, input: unknown, { call, stream, reduce, values, ...settings }: Settings & Partial<Live> = {}) {
    if (stream !== undefined) {
      const { subscribe, subscriptionKey } = stream
      const live = subscribe && { id: JSON.stringify(subscriptionKey), open: subscribe, reduce, hasSnapshot: true }
      const queryFn = readSnapshot(({ signal }) => procedure.call(input, { ...call, signal }), live)
      return query(procedure, { type: 'query', input, queryFn }, settings)
    }
    const last = (_: unknown, item: unknown) => item
    if (values === undefined) {
      const queryFn = readItems(openingOf(procedure.call, input, call), last)
      return query(procedure, { type: 'live', input, queryFn }, settings)
    }
    const open = openingOf(procedure.callLive, input, call)
    const queryFn = readItems(async (signal) => values(await open(signal)), last)
    return query(procedure, { type: 'query', input, queryFn }, settings)
  },

  streamedOptions(procedure, input: unknown, { call, max = 0, ...settings }: Settings & { max?: number } = {}) {
    const append = (items: unknown, item: unknown) => [...(items as unknown[]), item].slice(-max)
    const queryFn = readItems(openingOf(procedure.call, input, call), append, [])
    return query(procedure, { type: 'streamed', input, queryFn }, settings)
  },

  subscriptionOptions: (procedure, input: unknown, { call, ...settings }: Settings = {}) => ({
    ...settings,
    subscriptionKey: entryKey(procedure, 'subscription', input),
    subscribe: isSkipped(input) ? undefined : openingOf(procedure.call, input, call),
  }),

  mutationOptions(procedure, { call, optimistic, ...settings }: Settings & MakeChange = {}) {
    const path = procedure.names.join('.')
    const mutationFn = async (input: unknown, { client }: Pick<QueryFunctionContext, 'client'>) => {
      const cache = optimistic && needLiveCache(client)
      const result = await procedure.call(input, { ...(typeof call === 'function' ? call(input) : call) })
      cache?.changes.answer(path, input, result)
      return result
    }
    return {
      ...common(procedure, 'mutation', settings),
      mutationKey: pathKey(procedure),
      mutationFn: Object.assign(mutationFn, { path, optimistic }),
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
  readonly queryFn: ReadQuery
}

/** What all queries have in common; `settings` come last, but for what makes the entry what it is. */
function query(procedure: Procedure, { type, input, queryFn }: Entry, settings: Settings): object {
  return {
    retry: procedure.retry,
    retryDelay,
    // A stream keeps it fresh.
    ...(queryFn.live && { staleTime: Number.POSITIVE_INFINITY }),
    ...common(procedure, type, settings),
    queryKey: entryKey(procedure, type, input),
    // TanStack's `skipToken` is the one symbol that may stand for an input, and for a query function.
    queryFn: isSkipped(input) ? input : queryFn,
  }
}

function common({ names }: Procedure, type: KeyType | 'mutation', settings: Settings): object {
  return {
    // Hotline knows better than `navigator.onLine` whether there is a line, and calls wait for it by themselves.
    networkMode: 'always',
    ...settings,
    meta: { ...settings.meta, hotline: { path: names.join('.'), type } },
  }
}

function isSkipped(input: unknown): boolean {
  return typeof input === 'symbol'
}
