// @vitest-environment happy-dom
import type { OptimisticCache } from '@hotline/react/options'
import { InfiniteQueryObserver, MutationObserver, QueryObserver, skipToken } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { createListStage, hasTask } from './fixture/list-stage.ts'
import type { Task } from './fixture/task-server.ts'

describe('an optimistic change', () => {
  it('of an entry that holds nothing yet waits for it, however it finds itself', async () => {
    await using stage = createListStage()
    const { server, hot, look, titles, add, holdReads } = stage
    const release = holdReads()
    look(hot.tasks.list.queryOptions())
    await expect.poll(() => server.seen.lists).toBe(1)
    expect(await add('bread', { isIn: hasTask })).toMatchObject({ title: 'bread' })
    release()
    await expect.poll(titles).toBe('milk bread')
  })

  it('leaves stale what is stale', async () => {
    await using stage = createListStage()
    const { hot, queryClient, state, add } = stage
    await queryClient.prefetchQuery(hot.tasks.list.queryOptions())
    await queryClient.invalidateQueries(hot.tasks.list.queryFilter())
    const adding = add('too much')
    expect(state()).toMatchObject({ isInvalidated: true, data: [{}, { title: 'too much' }] })
    await expect(adding).rejects.toThrow('LIST_FULL')
    expect(state()).toMatchObject({ isInvalidated: true, data: [{ title: 'milk' }] })
  })

  it('is in an entry that nobody looks at, or leaves it stale, where a read was under way that began too early', async () => {
    await using stage = createListStage()
    const { server, hot, queryClient, titles, state, add, holdReads } = stage
    await queryClient.prefetchQuery(hot.tasks.list.queryOptions())
    const release = holdReads()
    const reading = queryClient.fetchQuery(hot.tasks.list.queryOptions())
    await expect.poll(() => server.seen.lists).toBe(2)
    await add('bread')
    release()
    await reading
    await expect.poll(state).toMatchObject({ isInvalidated: true })
    expect(titles()).toBe('milk bread')
  })

  it('fetches nothing that is not enabled or is skipped: that is stale', async () => {
    await using stage = createListStage()
    const { server, hot, queryClient, look, state, settle, titles, add } = stage
    const skipped = new QueryObserver(queryClient, hot.tasks.list.queryOptions(skipToken))
    const leave = skipped.subscribe(() => {})
    await queryClient.prefetchQuery(hot.tasks.list.queryOptions())
    look(hot.tasks.list.queryOptions(undefined, { enabled: false }))
    await add('bread')
    await settle()
    expect(skipped.getCurrentResult()).toMatchObject({ status: 'pending', fetchStatus: 'idle' })
    expect([server.seen.lists, titles(), state()?.isInvalidated]).toEqual([1, 'milk bread', true])
    leave()
  })

  it('lies over what the page itself writes meanwhile, and leaves nothing in that when it fails', async () => {
    await using stage = createListStage()
    const { hot, queryClient, look, live, titles, add } = stage
    look(live())
    await expect.poll(titles).toBe('milk')
    // The server refuses it, unseen, when it is sent at last.
    let send = () => {}
    const onMutate = () =>
      new Promise<void>((resolve) => {
        send = resolve
      })
    const adding = add('', { onMutate }).catch(() => 'refused')
    const key = hot.tasks.list.queryKey()
    queryClient.setQueryData(key, [{ id: 1, title: 'MILK' }])
    expect(titles()).toBe('MILK ')
    // The change is in the list that the page makes of this.
    queryClient.setQueryData(key, (tasks = []) => [...tasks, { id: 5, title: 'eggs' }])
    expect(titles()).toBe('MILK  eggs')
    send()
    expect(await adding).toBe('refused')
    await expect.poll(titles).toBe('milk')
  })

  it('is taken back from every entry where a callback of the page throws what is no error', async () => {
    await using stage = createListStage()
    const { server, look, live, titles, add } = stage
    look(live())
    await expect.poll(titles).toBe('milk')
    expect(await add('bread', { onMutate: () => Promise.reject(null) }).catch((reason) => reason)).toBe(null)
    expect(titles()).toBe('milk')
    await expect.poll(() => server.seen.lists).toBe(2)
  })

  it('is read anew where the read that would have had it was cancelled', async () => {
    await using stage = createListStage()
    const { server, hot, queryClient, look, live, titles, add, holdReads } = stage
    look(live())
    await expect.poll(titles).toBe('milk')
    server.tells = false
    const release = holdReads()
    await add('bread')
    await expect.poll(() => server.seen.lists).toBe(2)
    await queryClient.cancelQueries(hot.tasks.list.queryFilter())
    release()
    const last = () => queryClient.getQueryData(hot.tasks.list.queryKey())?.at(-1)?.id
    expect(last()).toBe(0)
    await expect.poll(last).toBe(2)
  })

  it('does not show again what a later change of the same thing has replaced', async () => {
    await using stage = createListStage()
    const { hot, queryClient, look, live, titles, holdAnswers } = stage
    look(live())
    await expect.poll(titles).toBe('milk')
    const held = holdAnswers()
    const rename = (title: string) => {
      const optimistic = (cache: OptimisticCache<Task>) =>
        cache.update(hot.tasks.list.queryKey(), ([_, ...others]) => [{ id: 1, title }, ...others], {
          isIn: (tasks, task) => tasks.at(-1)?.id === task.id,
        })
      return new MutationObserver(queryClient, hot.tasks.add.mutationOptions({ optimistic })).mutate({ title })
    }
    const renaming = [rename('oat'), rename('soy')]
    // Both are made, and told of, before either is answered.
    await expect.poll(titles).toBe('soy oat soy')
    const shown = new Set<string | undefined>()
    const unwatch = queryClient.getQueryCache().subscribe(() => void shown.add(titles()))
    for (const title of ['oat', 'soy']) {
      held.get(title)?.()
      await renaming.shift()
    }
    await expect.poll(() => queryClient.isFetching() + queryClient.isMutating()).toBe(0)
    expect([...shown].filter((list) => list?.startsWith('oat'))).toEqual([])
    unwatch()
  })
})

describe('an optimistic change of pages', () => {
  async function setUp() {
    const stage = createListStage()
    const { hot, queryClient } = stage
    const { queryFn: read, ...options } = hot.tasks.page.infiniteOptions({
      input: (from: number) => ({ from }),
      initialPageParam: 1,
      getNextPageParam: ({ next }) => next,
    })
    const hooks = { afterPage: async () => {} }
    const queryFn = async (context: Parameters<typeof read>[0]) => {
      const page = await read(context)
      await hooks.afterPage()
      return page
    }
    const observer = new InfiniteQueryObserver(queryClient, { ...options, queryFn })
    const leave = observer.subscribe(() => {})
    const froms = () => observer.getCurrentResult().data?.pages.map(({ from }) => from)
    await expect.poll(froms).toEqual([1])
    const change = (title: string, onMutate?: () => Promise<void>) => {
      const optimistic = (cache: OptimisticCache<Task>) =>
        cache.update(
          hot.tasks.page.infiniteKey({ from: 1 }),
          ({ pages: [_, ...pages], pageParams }) => ({ pages: [{ from: 77, next: 3 }, ...pages], pageParams }),
          { isIn: () => false },
        )
      const options = hot.tasks.add.mutationOptions({ optimistic, ...(onMutate && { onMutate }) })
      return new MutationObserver(queryClient, options).mutate({ title })
    }
    return {
      ...stage,
      hooks,
      observer,
      froms,
      change,
      async [Symbol.asyncDispose]() {
        leave()
        await stage[Symbol.asyncDispose]()
      },
    }
  }

  it('stays when another page comes, which says nothing of the others', async () => {
    await using on = await setUp()
    await on.change('bread')
    await on.observer.fetchNextPage()
    expect(on.froms()).toEqual([77, 3])
    await expect.poll(on.froms).toEqual([1, 3])
  })

  it('stays where it was answered between two pages of one read, of which the first lacks it', async () => {
    await using on = await setUp()
    await on.observer.fetchNextPage()
    on.hooks.afterPage = async () => {
      on.hooks.afterPage = async () => {}
      await on.change('bread')
    }
    await on.observer.refetch()
    expect(on.froms()).toEqual([77, 3])
    await expect.poll(on.froms).toEqual([1, 3])
  })

  it('goes when it fails, from the pages that another one came with, too', async () => {
    await using on = await setUp()
    let send = () => {}
    const changing = on
      .change('', () => {
        return new Promise<void>((resolve) => {
          send = resolve
        })
      })
      .catch(() => 'refused')
    await on.observer.fetchNextPage()
    expect(on.froms()).toEqual([77, 3])
    send()
    expect(await changing).toBe('refused')
    await expect.poll(on.froms).toEqual([1, 3])
  })
})
