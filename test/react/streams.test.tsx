// @vitest-environment happy-dom
import { attachLive } from '@hotline/react/options'
import { QueryClientProvider, skipToken, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { type ReactNode, StrictMode, Suspense } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { createStage } from './fixture/task-server.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })

const undo: (() => void)[] = []
afterEach(() => {
  for (const each of undo.splice(0)) each()
})

function setUp() {
  const stage = createStage()
  undo.push(attachLive(stage.queryClient))
  const show = (children: ReactNode) =>
    render(
      <StrictMode>
        <QueryClientProvider client={stage.queryClient}>
          <Suspense fallback={<p>fallback</p>}>{children}</Suspense>
        </QueryClientProvider>
      </StrictMode>,
    )
  return { ...stage, stage, show }
}

const text = () => screen.queryAllByText(/./).map((element) => element.textContent)

describe('a query whose value is the last item of a stream', () => {
  it('shows the first item, and each that follows, of one stream', async () => {
    const { stage, hot, show, server } = setUp()
    await using _ = stage
    const Count = () => <p>{useSuspenseQuery(hot.tasks.count.liveOptions()).data}</p>
    show([<Count key="a" />, <Count key="b" />])
    await expect.poll(text).toEqual(['1', '1'])
    server.add('bread')
    await expect.poll(text).toEqual(['2', '2'])
    expect(server.seen.streams).toBe(1)
  })

  it('opens another stream when it is fetched anew', async () => {
    const { stage, hot, show, server, queryClient } = setUp()
    await using _ = stage
    const Count = () => <p>{useQuery(hot.tasks.count.liveOptions()).data ?? 'loading'}</p>
    show(<Count />)
    await expect.poll(text).toEqual(['1'])
    server.tells = false
    server.add('bread')
    await queryClient.invalidateQueries(hot.tasks.pathFilter())
    await expect.poll(text).toEqual(['2'])
    expect(server.seen.streams).toBe(2)
  })

  it('says why where the stream is refused', async () => {
    const { stage, hot, show } = setUp()
    await using _ = stage
    const Refused = () => <p>{useQuery(hot.tasks.refused.liveOptions()).error?.code ?? 'fine'}</p>
    show(<Refused />)
    await expect.poll(text).toEqual(['FORBIDDEN'])
  })

  it('opens nothing for skipToken', async () => {
    const { stage, hot, show, server } = setUp()
    await using _ = stage
    const Count = () => <p>{useQuery(hot.tasks.count.liveOptions(skipToken)).fetchStatus}</p>
    show(<Count />)
    await expect.poll(text).toEqual(['idle'])
    expect(server.seen.streams).toBe(0)
  })
})

describe('a query whose value is the items so far', () => {
  it('grows with each, and stays as it is when the stream is complete', async () => {
    const { stage, hot, show, server } = setUp()
    await using _ = stage
    const Words = () => <p>{useSuspenseQuery(hot.tasks.words.streamedOptions(3)).data.join(', ')}</p>
    const { unmount } = show(<Words />)
    await expect.poll(text).toEqual(['word 1, word 2, word 3'])
    unmount()
    await expect.poll(() => server.changes.size).toBe(0)
    show(<Words />)
    expect(text()).toEqual(['word 1, word 2, word 3'])
    expect(server.seen.streams).toBe(1)
  })

  it('keeps the last `max` of them', async () => {
    const { stage, hot, show } = setUp()
    await using _ = stage
    const Words = () => <p>{useQuery(hot.tasks.words.streamedOptions(9, { max: 2 })).data?.join(', ') ?? 'loading'}</p>
    show(<Words />)
    await expect.poll(text).toEqual(['word 8, word 9'])
  })

  it('is empty where nothing came', async () => {
    const { stage, hot, queryClient } = setUp()
    await using _ = stage
    expect(await queryClient.fetchQuery(hot.tasks.words.streamedOptions(0))).toEqual([])
  })
})
