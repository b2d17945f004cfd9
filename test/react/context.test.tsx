// @vitest-environment happy-dom
import { createHotlineContext } from '@hotline/react'
import { QueryClientProvider, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { render, renderHook, screen } from '@testing-library/react'
import { StrictMode, Suspense } from 'react'
import { describe, expect, it } from 'vitest'
import { type Api, createStage } from './fixture/task-server.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })

const { HotlineProvider, useHotline } = createHotlineContext<Api>()

function Count() {
  return <p>{useQuery(useHotline().hot.tasks.count.liveOptions()).data ?? 'loading'}</p>
}

function SuspendedCount() {
  return <p>{useSuspenseQuery(useHotline().hot.tasks.count.liveOptions()).data}</p>
}

const text = () => screen.queryAllByText(/./).map((element) => element.textContent)

describe('a HotlineProvider', () => {
  it.each([
    ['what waits', Count],
    ['what suspends in its first render', SuspendedCount],
  ])('makes live queries work for %s, and ends them when it goes', async (_, Shown) => {
    await using stage = createStage()
    const { api, queryClient, server, line } = stage
    const { unmount } = render(
      <StrictMode>
        <QueryClientProvider client={queryClient}>
          <HotlineProvider api={api}>
            <Suspense fallback={<p>loading</p>}>
              <Shown />
            </Suspense>
          </HotlineProvider>
        </QueryClientProvider>
      </StrictMode>,
    )
    await expect.poll(text).toEqual(['1'])
    server.add('bread')
    await expect.poll(text).toEqual(['2'])
    expect(server.seen.streams).toBe(1)
    expect(
      queryClient
        .getQueryCache()
        .getAll()
        .map(({ state }) => state.errorUpdateCount),
    ).toEqual([0])
    unmount()
    await expect.poll(() => line.stats().streams).toBe(0)
  })

  it('is missed by name', () => {
    expect(() => renderHook(() => useHotline())).toThrow('useHotline() needs its HotlineProvider above it.')
  })
})
