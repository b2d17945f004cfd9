// @vitest-environment happy-dom
import { attachLive, createQueryOptions } from '@hotline/react/options'
import { InfiniteQueryObserver, QueryObserver, skipToken } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { createStage } from './fixture/task-server.ts'

const since = { since: new Date(5), ids: new Set([7n]) }

describe('query options', () => {
  it('read through the client, into the entry of their key', async () => {
    await using stage = createStage()
    const { hot, queryClient } = stage
    const read = await queryClient.fetchQuery(hot.tasks.since.queryOptions(since))
    expect(read).toEqual({ at: since.since, ids: since.ids, byId: new Map([[1n, 'milk']]) })
    expect(queryClient.getQueryData(hot.tasks.since.queryKey(since))).toBe(read)
    expect(queryClient.getQueryData(hot.tasks.since.queryKey({ ...since, ids: new Set([8n]) }))).toBeUndefined()
  })

  it('cancel the call with the query', async () => {
    await using stage = createStage()
    const { hot, queryClient, server, line } = stage
    server.beforeAnswer = (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
    const options = { ...hot.tasks.add.queryOptions({ title: 'slow' }), retry: false }
    const reading = queryClient.fetchQuery(options).catch(() => 'cancelled')
    await expect.poll(() => line.stats().running).toBe(1)
    await queryClient.cancelQueries(hot.tasks.pathFilter())
    expect(await reading).toBe('cancelled')
  })

  it('say what they are, for whoever logs or filters', async () => {
    await using stage = createStage()
    const { meta } = stage.hot.tasks.list.queryOptions(undefined, { meta: { mine: true } })
    expect(meta).toEqual({ mine: true, hotline: { path: 'tasks.list', type: 'query' } })
  })

  it('are found by path', async () => {
    await using stage = createStage()
    const { hot, queryClient } = stage
    await queryClient.fetchQuery(hot.tasks.list.queryOptions())
    await queryClient.invalidateQueries(hot.tasks.pathFilter())
    expect(queryClient.getQueryState(hot.tasks.list.queryKey())?.isInvalidated).toBe(true)
  })

  it('do nothing for skipToken, and share nothing with no input', async () => {
    await using stage = createStage()
    const { hot, queryClient, server } = stage
    const options = hot.tasks.list.queryOptions(skipToken)
    expect(options.queryKey).not.toEqual(hot.tasks.list.queryKey())
    const undo = new QueryObserver(queryClient, options).subscribe(() => {})
    expect(queryClient.isFetching()).toBe(0)
    expect(server.seen.lists).toBe(0)
    undo()
  })

  it('keep two APIs in one cache apart by a prefix', async () => {
    await using stage = createStage({ prefix: 'shop' })
    const { hot, api } = stage
    expect(hot.tasks.pathKey()).toEqual(['shop', ['tasks']])
    expect(hot.pathKey()).toEqual(['shop', []])
    expect(createQueryOptions(api).tasks.list.queryKey()).not.toEqual(hot.tasks.list.queryKey())
  })

  it('name what there is where something else is asked for', async () => {
    await using stage = createStage()
    const hot = stage.hot as unknown as { tasks: { list: { options(): unknown } } }
    expect(() => hot.tasks.list.options()).toThrow('There is no "options" of a procedure, only pathKey')
  })

  it('make another attempt at what may be gone, and none at an answer', async () => {
    await using stage = createStage()
    const { hot, queryClient } = stage
    const { retry } = hot.tasks.forbidden.queryOptions()
    expect(retry).toBeTypeOf('function')
    await expect(queryClient.fetchQuery(hot.tasks.forbidden.queryOptions())).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    expect(createQueryOptions(stage.api, { retry: false }).tasks.list.queryOptions().retry).toBe(false)
  })
})

describe('infinite options', () => {
  it('read page after page', async () => {
    await using stage = createStage()
    const { hot, queryClient } = stage
    const options = hot.tasks.page.infiniteOptions({
      input: (from) => ({ from }),
      initialPageParam: 1,
      getNextPageParam: ({ next }) => (next < 6 ? next : undefined),
    })
    const observer = new InfiniteQueryObserver(queryClient, options)
    const undo = observer.subscribe(() => {})
    await expect.poll(() => observer.getCurrentResult().isSuccess).toBe(true)
    const { data, hasNextPage } = await observer.fetchNextPage()
    expect([data?.pages.map(({ from }) => from), hasNextPage]).toEqual([[1, 3], true])
    expect(queryClient.getQueryData(hot.tasks.page.infiniteKey({ from: 1 }))).toBe(data)
    undo()
  })
})

describe('attaching to a cache', () => {
  it('twice is as once, until both are undone', async () => {
    await using stage = createStage()
    const { hot, queryClient, server, line } = stage
    const undo = [attachLive(queryClient), attachLive(queryClient)]
    const observer = new QueryObserver(queryClient, hot.tasks.count.liveOptions())
    const leave = observer.subscribe(() => {})
    await expect.poll(() => observer.getCurrentResult().data).toBe(1)
    undo[0]?.()
    undo[0]?.()
    server.add('bread')
    await expect.poll(() => observer.getCurrentResult().data).toBe(2)
    undo[1]?.()
    await expect.poll(() => line.stats().streams).toBe(0)
    leave()
  })

  it('finds the live queries that were there before', async () => {
    await using stage = createStage()
    const { hot, queryClient, server } = stage
    await queryClient.fetchQuery(hot.tasks.list.queryOptions())
    const stream = hot.tasks.changes.subscriptionOptions()
    const observer = new QueryObserver(queryClient, hot.tasks.list.liveOptions(undefined, { stream }))
    const leave = observer.subscribe(() => {})
    const undo = attachLive(queryClient)
    await expect.poll(() => server.seen).toEqual({ lists: 2, streams: 1 })
    leave()
    undo()
  })
})
