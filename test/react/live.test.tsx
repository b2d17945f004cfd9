// @vitest-environment happy-dom
import { liveValues } from '@hotline/client'
import { attachLive } from '@hotline/react/options'
import { QueryClientProvider, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { act, render, screen } from '@testing-library/react'
import { type ReactNode, StrictMode, Suspense } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { createStage, type Task } from './fixture/task-server.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })

const undo: (() => void)[] = []
afterEach(() => {
  for (const each of undo.splice(0)) each()
})

/** A stage with a live list on it, in strict mode. */
function setUp() {
  const stage = createStage()
  undo.push(attachLive(stage.queryClient))
  const listOptions = () =>
    stage.hot.tasks.list.liveOptions(undefined, {
      stream: stage.hot.tasks.changes.subscriptionOptions(),
      reduce: (tasks, change) => {
        if (change.type === 'removed') return tasks.filter(({ id }) => id !== change.id)
        return tasks.some(({ id }) => id === change.task.id) ? tasks : [...tasks, change.task]
      },
    })
  const List = () => <Titles tasks={useQuery(listOptions()).data} />
  const SuspendedList = () => <Titles tasks={useSuspenseQuery(listOptions()).data} />
  const show = (children: ReactNode) =>
    render(
      <StrictMode>
        <QueryClientProvider client={stage.queryClient}>{children}</QueryClientProvider>
      </StrictMode>,
    )
  return { ...stage, stage, listOptions, List, SuspendedList, show }
}

function Titles({ tasks }: { readonly tasks: readonly Task[] | undefined }) {
  return <p>{tasks === undefined ? 'loading' : tasks.map(({ title }) => title).join(' ')}</p>
}

function text(): string[] {
  return screen.queryAllByText(/./).map((element) => element.textContent ?? '')
}

describe('a live query', () => {
  it('reads one snapshot and opens one stream, in strict mode too', async () => {
    const { stage, List, show, server } = setUp()
    await using _ = stage
    show(<List />)
    await expect.poll(text).toEqual(['milk'])
    server.add('bread')
    await expect.poll(text).toEqual(['milk bread'])
    expect(server.seen).toEqual({ lists: 1, streams: 1 })
  })

  it('shares its stream among all who look', async () => {
    const { stage, List, show, server, line } = setUp()
    await using _ = stage
    show([<List key="a" />, <List key="b" />, <List key="c" />])
    await expect.poll(text).toEqual(['milk', 'milk', 'milk'])
    server.add('bread')
    await expect.poll(text).toEqual(['milk bread', 'milk bread', 'milk bread'])
    expect(server.seen.streams).toBe(1)
    expect(line.stats().streams).toBe(1)
  })

  it('closes its stream when the last who looked has gone, and not before', async () => {
    const { stage, List, show, server, line } = setUp()
    await using _ = stage
    const { rerender } = show([<List key="a" />, <List key="b" />])
    await expect.poll(text).toEqual(['milk', 'milk'])
    const under = (children: ReactNode) => (
      <QueryClientProvider client={stage.queryClient}>{children}</QueryClientProvider>
    )
    rerender(<StrictMode>{under([<List key="a" />])}</StrictMode>)
    server.add('bread')
    await expect.poll(text).toEqual(['milk bread'])
    rerender(<StrictMode>{under(null)}</StrictMode>)
    await expect.poll(() => line.stats().streams).toBe(0)
    expect(server.seen.streams).toBe(1)
    expect(server.changes.size).toBe(0)
  })

  it('keeps its stream for who comes back at once', async () => {
    const { stage, List, show, server, api } = setUp()
    await using _ = stage
    show(<List />).unmount()
    for (let n = 0; n < 3; n++) {
      const { unmount } = show(<List />)
      await expect.poll(text).toEqual(['milk'])
      unmount()
      await api.tasks.forbidden().catch(() => {})
    }
    show(<List />)
    server.add('bread')
    await expect.poll(text).toEqual(['milk bread'])
    expect(server.seen.streams).toBe(1)
    undo.pop()?.()
  })

  it('leaves the fallback of Suspense with the snapshot, and keeps the stream that was opened for it', async () => {
    const { stage, SuspendedList, show, server } = setUp()
    await using _ = stage
    show(
      <Suspense fallback={<p>fallback</p>}>
        <SuspendedList />
      </Suspense>,
    )
    expect(text()).toEqual(['fallback'])
    await expect.poll(text).toEqual(['milk'])
    server.add('bread')
    await expect.poll(text).toEqual(['milk bread'])
    expect(server.seen).toEqual({ lists: 1, streams: 1 })
  })

  it('leaves nothing open where a component is gone before its stream is there', async () => {
    const { stage, List, show, line } = setUp()
    await using _ = stage
    show(<List />).unmount()
    show(<List />).unmount()
    await expect.poll(() => line.stats()).toMatchObject({ streams: 0, running: 0 })
  })

  it('shows at once what the plain query has cached, and reads it anew when the stream is there', async () => {
    const { stage, List, show, server, hot, queryClient } = setUp()
    await using _ = stage
    await queryClient.prefetchQuery(hot.tasks.list.queryOptions())
    server.tells = false
    server.add('bread')
    show(<List />)
    expect(text()).toEqual(['milk'])
    await expect.poll(text).toEqual(['milk bread'])
    expect(server.seen).toEqual({ lists: 2, streams: 1 })
  })

  it('reads the snapshot once after a gap', async () => {
    const { stage, List, show, server, restart } = setUp()
    await using _ = stage
    show(<List />)
    await expect.poll(text).toEqual(['milk'])
    server.tells = false
    server.add('bread')
    await restart()
    await expect.poll(text).toEqual(['milk bread'])
    expect(server.seen).toEqual({ lists: 2, streams: 2 })
  })

  it('loses no item that comes while a snapshot is read', async () => {
    const { stage, List, show, server, hot, queryClient } = setUp()
    await using _ = stage
    show(<List />)
    await expect.poll(text).toEqual(['milk'])
    // The read is on its way with the old list when the item comes.
    const read = queryClient.refetchQueries(hot.tasks.list.queryFilter())
    server.changes.publish({ type: 'added', task: { id: 9, title: 'early' } })
    await read
    await expect.poll(text).toEqual(['milk early'])
  })

  it('says so where the stream is refused, and keeps what it has', async () => {
    const { stage, show, hot } = setUp()
    await using _ = stage
    function List() {
      const stream = hot.tasks.refused.subscriptionOptions()
      const { data, error } = useQuery(hot.tasks.list.liveOptions(undefined, { stream }))
      return <p>{`${data?.length ?? 'no'} tasks, ${error === null ? 'fine' : error.code}`}</p>
    }
    show(<List />)
    await expect.poll(text).toEqual(['1 tasks, FORBIDDEN'])
  })

  it('without `reduce` reads anew with each item, one read at a time', async () => {
    const { stage, show, hot, server, api } = setUp()
    await using _ = stage
    function List() {
      const stream = hot.tasks.changes.subscriptionOptions()
      return <Titles tasks={useQuery(hot.tasks.list.liveOptions(undefined, { stream })).data} />
    }
    show(<List />)
    await expect.poll(text).toEqual(['milk'])
    let answer = () => {}
    server.beforeList = () => {
      server.beforeList = async () => {}
      return new Promise((resolve) => {
        answer = resolve
      })
    }
    server.add('bread')
    await expect.poll(() => server.seen.lists).toBe(2)
    for (const title of ['eggs', 'salt', 'rice']) server.add(title)
    await api.tasks.page({ from: 1 })
    expect(server.seen.lists).toBe(2)
    answer()
    await expect.poll(text).toEqual(['milk bread eggs salt rice'])
    expect(server.seen.lists).toBe(3)
  })

  it('of a procedure that is live by itself follows its values, in the entry of the plain query', async () => {
    const { stage, show, hot, server, line, queryClient } = setUp()
    await using _ = stage
    const List = () => (
      <Titles tasks={useSuspenseQuery(hot.tasks.watched.liveOptions(undefined, { values: liveValues })).data} />
    )
    show(
      <Suspense fallback="loading">
        <List />
        <List />
      </Suspense>,
    )
    await expect.poll(text).toEqual(['milk', 'milk'])
    const [before] = queryClient.getQueryData(hot.tasks.watched.queryKey()) ?? []
    server.add('bread')
    await expect.poll(text).toEqual(['milk bread', 'milk bread'])
    expect(queryClient.getQueryData(hot.tasks.watched.queryKey())?.[0]).toBe(before)
    expect(server.seen.streams).toBe(1)
    expect(line.stats().streams).toBe(1)
  })

  it('begins with a fresh value when somebody looks again, whatever was missed meanwhile', async () => {
    const { stage, show, hot, server, line } = setUp()
    await using _ = stage
    const List = () => (
      <Titles tasks={useQuery(hot.tasks.watched.liveOptions(undefined, { values: liveValues })).data} />
    )
    const { unmount } = show(<List />)
    await expect.poll(text).toEqual(['milk'])
    unmount()
    await expect.poll(() => line.stats().streams).toBe(0)
    server.tells = false
    server.add('bread')
    show(<List />)
    expect(text()).toEqual(['milk'])
    await expect.poll(text).toEqual(['milk bread'])
    expect(server.seen.streams).toBe(2)
  })

  it('is told of by a sentence where nothing follows the cache', async () => {
    await using stage = createStage()
    const stream = stage.hot.tasks.changes.subscriptionOptions()
    const reading = stage.queryClient.fetchQuery(stage.hot.tasks.list.liveOptions(undefined, { stream }))
    await expect(reading).rejects.toThrow('need attachLive(queryClient)')
  })

  it('ends with what follows the cache', async () => {
    const { stage, List, show, line } = setUp()
    await using _ = stage
    show(<List />)
    await expect.poll(() => line.stats().streams).toBe(1)
    act(() => undo.pop()?.())
    await expect.poll(() => line.stats().streams).toBe(0)
  })
})
