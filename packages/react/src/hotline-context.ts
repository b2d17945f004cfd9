import type { Client } from '@hotline/client'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, createElement, type ReactNode, useContext, useInsertionEffect, useMemo } from 'react'
import { attachLive, prepareLive } from './attach-live.ts'
import { createQueryOptions } from './create-query-options.ts'
import type { FactoryOptions } from './procedure.ts'
import type { QueryOptionsOf } from './query-options-of.ts'

/** What components get: the client itself, and TanStack Query options for its procedures. */
export interface Hotline<Api> {
  readonly api: Client<Api>
  readonly hot: QueryOptionsOf<Client<Api>>
}

export interface HotlineProviderProps<Api> {
  /** What `createClient` gave; on a server that renders, what `createCaller` gave for this request. */
  readonly api: Client<Api>
  /** Those of `createQueryOptions`. Another object makes everything anew: keep it outside of the component. */
  readonly options?: FactoryOptions | undefined
  /** That of the `QueryClientProvider` above, where it is left out. */
  readonly queryClient?: QueryClient | undefined
  readonly children?: ReactNode
}

export interface HotlineContext<Api> {
  /** Hands a client down, and makes the live queries and optimistic changes below it work. */
  HotlineProvider(props: HotlineProviderProps<Api>): ReactNode
  /** @throws Error outside of a HotlineProvider. */
  useHotline(): Hotline<Api>
}

/**
 * A provider and its hook for one API, where a single client for all won't do: a server that renders has one caller for
 * each request, a test a client of its own.
 */
export function createHotlineContext<Api extends object>(): HotlineContext<Api> {
  const Context = createContext<Hotline<Api> | undefined>(undefined)

  // biome-ignore lint/correctness/noComponentHookFactories: called once for an API, outside of components, as createContext is.
  function HotlineProvider({ api, options, queryClient, children }: HotlineProviderProps<Api>): ReactNode {
    const client = useQueryClient(queryClient)
    prepareLive(client)
    // Before the effects of what is below, which begin to observe; and strict mode leaves it alone.
    useInsertionEffect(() => attachLive(client), [client])
    const value = useMemo(() => ({ api, hot: createQueryOptions<Client<Api>>(api, options) }), [api, options])
    return createElement(Context.Provider, { value }, children)
  }

  // biome-ignore lint/correctness/noComponentHookFactories: as above.
  function useHotline(): Hotline<Api> {
    const hotline = useContext(Context)
    if (hotline !== undefined) return hotline
    throw new Error('useHotline() needs its HotlineProvider above it.')
  }

  return { HotlineProvider, useHotline }
}
