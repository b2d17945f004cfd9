import { retryDelay } from '@hotline/client'
import type { Stream } from '@hotline/core'
import type { QueryFunctionContext } from '@tanstack/query-core'
import type { ChangeFunction } from './changes.ts'
import { needLiveCache } from './live-registry.ts'
import type { LiveSpec, ReadQuery } from './live-spec.ts'
import { calling, type Procedure } from './procedure.ts'
import { entryKey, type KeyType, pathKey } from './query-key.ts'
import type { SubscriptionOptions } from './query-types.ts'
import { readItems, readQuery } from './read-query.ts'

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
    return query(procedure, 'query', input, settings, readQuery(calling(procedure.call, input, call)))
  },

  infiniteOptions(procedure, { input: inputOf, call, ...settings }: Settings & { input: (page: unknown) => unknown }) {
    const queryFn = readQuery((signal, page) => calling(procedure.call, inputOf(page), call)(signal))
    return query(procedure, 'infinite', inputOf(settings.initialPageParam), settings, queryFn)
  },

  /** Of a query with a `stream` beside it, of a live query by its `values`, or of a subscription whose items are the value. */
  liveOptions(procedure, input: unknown, { call, stream, reduce, values, ...settings }: Settings & Partial<Live> = {}) {
    const last = (_: unknown, item: unknown) => item
    const ask = calling(values ? procedure.callLive : procedure.call, input, call)
    if (stream) {
      const { subscribe: open, subscriptionKey } = stream
      const live = open && { id: JSON.stringify(subscriptionKey), open, reduce }
      return query(procedure, 'query', input, settings, readQuery(ask, live))
    }
    if (!values) return query(procedure, 'live', input, settings, readItems(ask, last))
    return query(
      procedure,
      'query',
      input,
      settings,
      readItems(async (signal) => values(await ask(signal)), last),
    )
  },

  streamedOptions(procedure, input: unknown, { call, max = 0, ...settings }: Settings & { max?: number } = {}) {
    const append = (items: unknown, item: unknown) => [...((items ?? []) as unknown[]), item].slice(-max)
    return query(procedure, 'streamed', input, settings, readItems(calling(procedure.call, input, call), append, []))
  },

  subscriptionOptions: (procedure, input: unknown, { call, ...settings }: Settings = {}) => ({
    ...settings,
    subscriptionKey: entryKey(procedure, 'subscription', input),
    subscribe: isSkipped(input) ? undefined : calling(procedure.call, input, call),
  }),

  mutationOptions(procedure, { call, optimistic, ...settings }: Settings & ChangeFunction = {}) {
    const mutationFn = async (input: unknown, { client }: Pick<QueryFunctionContext, 'client'>) => {
      if (optimistic) needLiveCache(client)
      return procedure.call(input, typeof call === 'function' ? call(input) : call)
    }
    return {
      ...common(procedure, 'mutation', settings),
      mutationKey: pathKey(procedure),
      mutationFn: Object.assign(mutationFn, { optimistic }),
    }
  },
} as const satisfies Readonly<Record<string, Maker>>

interface Live {
  readonly values: (stream: Stream<unknown, unknown>) => Stream<unknown, unknown>
  readonly stream: SubscriptionOptions<unknown, unknown>
  readonly reduce: LiveSpec['reduce']
}

/** What all queries have in common; `settings` come last, but for what makes the entry what it is. */
function query(procedure: Procedure, type: KeyType, input: unknown, settings: Settings, queryFn: ReadQuery): object {
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
