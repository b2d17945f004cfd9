// @vitest-environment happy-dom
import { HotlineError } from '@hotline/server'
import { dehydrate, hydrate } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { createListStage } from './fixture/list-stage.ts'
import { newCache } from './fixture/task-server.ts'

describe('a live query that begins while somebody else reads its entry', () => {
  it('loses nothing that happens between that read and its stream, and never goes back', async () => {
    await using stage = createListStage()
    const { server, line, hot, queryClient, look, live, titles, settle, holdReads } = stage
    const release = holdReads()
    const reading = queryClient.fetchQuery(hot.tasks.list.queryOptions())
    await expect.poll(() => server.seen.lists).toBe(1)
    server.add('unseen')
    look(live())
    await expect.poll(() => line.stats().streams).toBe(1)
    server.add('bread')
    await settle()
    release()
    await reading
    expect(titles()).toBe('milk bread')
    await expect.poll(titles).toBe('milk unseen bread')
    expect(server.seen).toEqual({ lists: 2, streams: 1 })
  })

  it('takes a promise of the server that rendered for such a read', async () => {
    await using stage = createListStage()
    const { server, line, hot, queryClient, look, live, titles, settle } = stage
    let answer = () => {}
    const rendering = newCache()
    void rendering.prefetchQuery({
      queryKey: hot.tasks.list.queryKey(),
      queryFn: () =>
        new Promise<{ id: number; title: string }[]>((resolve) => {
          answer = () => resolve([{ id: 1, title: 'milk' }])
        }),
    })
    hydrate(queryClient, dehydrate(rendering, { shouldDehydrateQuery: () => true }))
    look(live())
    await expect.poll(() => line.stats().streams).toBe(1)
    server.add('bread')
    await settle()
    answer()
    await expect.poll(titles).toBe('milk bread')
    rendering.clear()
  })
})

describe('a live query whose stream was refused', () => {
  it('asks for it again when it is fetched', async () => {
    await using stage = createListStage()
    const { observer } = await stage.lookRefused()
    expect(stage.server.seen.streams).toBe(1)
    await observer.refetch()
    expect(stage.server.seen.streams).toBe(2)
    expect(observer.getCurrentResult()).toMatchObject({ status: 'error', isStale: true, data: [{ id: 1 }] })
  })

  it('still says so over a change that is shown', async () => {
    await using stage = createListStage()
    const { look, lookRefused, holdAnswers, add, titles } = stage
    const { result } = await lookRefused()
    const held = holdAnswers()
    const adding = add('bread')
    await expect.poll(() => held.has('bread')).toBe(true)
    expect([result().status, titles()]).toEqual(['error', 'milk bread'])
    held.get('bread')?.()
    await adding
    look(stage.hot.tasks.list.queryOptions())
  })

  it('says nothing of it to who reads the entry plainly, later', async () => {
    await using stage = createListStage()
    const { hot, queryClient, lookRefused, look } = stage
    const { leave } = await lookRefused()
    leave()
    // The stream outlives its last observer for a moment, and so does what became of it.
    await expect
      .poll(async () => {
        await queryClient.fetchQuery(hot.tasks.list.queryOptions(undefined, { staleTime: 0 }))
        return look(hot.tasks.list.queryOptions()).result().status
      })
      .toBe('success')
  })
})

describe('a live query whose snapshot could not be read', () => {
  it('still says so with the items that come, until it is read', async () => {
    await using stage = createListStage()
    const { server, hot, queryClient, look, live, titles, state } = stage
    look(live())
    await expect.poll(titles).toBe('milk')
    server.beforeList = () => Promise.reject(new HotlineError('FORBIDDEN'))
    await queryClient.refetchQueries(hot.tasks.list.queryFilter())
    server.add('bread')
    await expect.poll(titles).toBe('milk bread')
    expect(state()).toMatchObject({ status: 'error', error: { code: 'FORBIDDEN' }, isInvalidated: true })
    server.beforeList = async () => {}
    await queryClient.refetchQueries(hot.tasks.list.queryFilter())
    expect(state()).toMatchObject({ status: 'success', isInvalidated: false })
  })
})

describe('a live query whose read was cancelled', () => {
  it('is read again, for it lacks what that was for', async () => {
    await using stage = createListStage()
    const { server, hot, queryClient, look, live, titles, restart, holdReads } = stage
    look(live())
    await expect.poll(titles).toBe('milk')
    server.tells = false
    server.add('bread')
    const release = holdReads()
    await restart()
    await expect.poll(() => server.seen.lists).toBe(2)
    await queryClient.cancelQueries(hot.tasks.list.queryFilter())
    release()
    expect(titles()).toBe('milk')
    await expect.poll(titles).toBe('milk bread')
    expect(server.seen).toEqual({ lists: 3, streams: 2 })
  })
})
