// @vitest-environment happy-dom
import { type Client, connectionOf } from '@hotline/client'
import { createHotlineContext, useConnection, useSubscription } from '@hotline/react'
import { createQueryOptions } from '@hotline/react/options'
import { createCaller } from '@hotline/server'
import {
  type DehydratedState,
  dehydrate,
  HydrationBoundary,
  type QueryClient,
  QueryClientProvider,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query'
import { act } from '@testing-library/react'
import { StrictMode, Suspense } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { describe, expect, it, vi } from 'vitest'
import { type Api, createStage, newCache, router, TaskServer } from './fixture/task-server.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })

const { HotlineProvider, useHotline } = createHotlineContext<Api>()
const since = { since: new Date(5), ids: new Set([7n]) }

function Page() {
  const { hot, api } = useHotline()
  const stream = hot.tasks.changes.subscriptionOptions()
  const { data: tasks } = useSuspenseQuery(hot.tasks.list.liveOptions(undefined, { stream }))
  const { data: found } = useSuspenseQuery(hot.tasks.since.queryOptions(since))
  const { data: count } = useQuery(hot.tasks.count.liveOptions())
  const subscription = useSubscription(stream)
  const line = useConnection(api)
  return (
    <ul>
      <li>{tasks.map(({ title }) => title).join(' ')}</li>
      <li>{`${found.at.getTime()} ${[...found.ids]} ${found.byId.get(1n)}`}</li>
      <li>{`${count} ${subscription.status} ${line.name}`}</li>
    </ul>
  )
}

interface TreeProps {
  readonly queryClient: QueryClient
  readonly api: Client<Api>
  readonly state?: unknown
}

function Tree({ queryClient, api, state }: TreeProps) {
  return (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <HydrationBoundary state={state as DehydratedState | undefined}>
          <HotlineProvider api={api}>
            <Suspense fallback="fallback">
              <Page />
            </Suspense>
          </HotlineProvider>
        </HydrationBoundary>
      </QueryClientProvider>
    </StrictMode>
  )
}

/** Renders as a server does: there is no window. Gives the page and what its cache held, as text. */
async function renderOnServer(server: TaskServer) {
  const queryClient = newCache()
  const api = createCaller(router, server)
  const hot = createQueryOptions(api)
  const browserWindow = window
  Reflect.deleteProperty(globalThis, 'window')
  try {
    await queryClient.prefetchQuery(hot.tasks.list.queryOptions())
    await queryClient.prefetchQuery(hot.tasks.since.queryOptions(since))
    await queryClient.prefetchQuery(hot.tasks.count.liveOptions())
    const html = renderToString(<Tree queryClient={queryClient} api={api} />)
    return { html, state: JSON.stringify(dehydrate(queryClient)) }
  } finally {
    Object.assign(globalThis, { window: browserWindow })
    queryClient.clear()
  }
}

describe('a server that renders', () => {
  it('fills the cache through a caller, opens no socket and leaves no stream, and the page goes on from there', async () => {
    await using stage = createStage()
    const { server, api, queryClient, line } = stage
    const { html, state } = await renderOnServer(server)
    expect(html).toContain('<ul><li>milk</li><li>5 7 milk</li><li>1 connecting idle</li></ul>')
    expect(server.changes.size).toBe(0)
    expect(line.size).toBe(0)

    const container = document.body.appendChild(document.createElement('div'))
    container.innerHTML = html
    const complaints = vi.spyOn(console, 'error')
    const root = hydrateRoot(container, <Tree queryClient={queryClient} api={api} state={JSON.parse(state)} />)
    await expect.poll(() => container.textContent).toContain('1 open open')
    server.add('bread')
    await expect.poll(() => container.textContent).toBe('milk bread5 7 milk2 open open')
    act(() => root.unmount())
    expect(complaints.mock.calls).toEqual([])
    await expect.poll(() => line.stats().streams).toBe(0)
    container.remove()
  })

  it('has keys that a page has for the same inputs', async () => {
    await using stage = createStage()
    const caller = createQueryOptions(createCaller(router, new TaskServer()))
    expect(caller.tasks.since.queryKey(since)).toEqual(stage.hot.tasks.since.queryKey(since))
  })

  it('makes a client that connects only when it is called', async () => {
    await using stage = createStage()
    createQueryOptions(stage.api).tasks.list.queryOptions()
    expect(connectionOf(stage.api).state.name).toBe('idle')
    expect(stage.line.size).toBe(0)
  })
})
