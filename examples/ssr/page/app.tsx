import type { Client } from '@hotline/client'
import { type DehydratedState, HydrationBoundary, type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import type { Api } from '../server/api.ts'
import { HotlineProvider } from './hotline.ts'
import { TodoPage } from './todo-page.tsx'

interface AppProps {
  /** In a browser a client, on the server a caller, which has no line. */
  readonly api: Client<Api>
  readonly queryClient: QueryClient
  /** What the server had in its cache. */
  readonly state?: DehydratedState
}

/** The same tree at both ends. */
export function App({ api, queryClient, state }: AppProps) {
  return (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <HydrationBoundary state={state}>
          <HotlineProvider api={api}>
            <TodoPage />
          </HotlineProvider>
        </HydrationBoundary>
      </QueryClientProvider>
    </StrictMode>
  )
}
