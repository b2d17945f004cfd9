import { type Client, type HotlineError, hotline, type Infer, liveValues, type Stream, tracked } from '@hotline/core'
import {
  type InfiniteData,
  QueryClient,
  type SkipToken,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query'
import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import type { QueryOptionsOf } from './query-options-of.ts'
import { useSubscription } from './use-subscription.ts'

interface Task {
  readonly id: bigint
  readonly title: string
}

type Change = { readonly type: 'added'; readonly task: Task } | { readonly type: 'removed'; readonly id: bigint }

const h = hotline<object>()
const router = h.router({
  ping: h.query(() => 'pong' as const),
  tasks: {
    list: h.input(z.object({ done: z.boolean().optional() }).optional()).query(() => [] as Task[]),
    get: h
      .input(z.object({ id: z.bigint(), deep: z.boolean() }))
      .errors({ GONE: z.object({ since: z.date() }) })
      .query(() => ({}) as Task),
    page: h.input(z.object({ from: z.number() })).query(() => ({ items: [] as Task[], next: 5 as number | null })),
    add: h
      .input(z.object({ title: z.string() }))
      .errors({ LIST_FULL: z.object({ max: z.number() }) })
      .mutation(() => ({}) as Task),
    clear: h.mutation(() => 3),
    changes: h.input(z.object({ list: z.string() })).subscription(async function* () {
      yield tracked('1', {} as Change)
    }),
    watched: h.input(z.object({ list: z.string() })).live({ on: () => [], query: () => [] as Task[] }),
    importRows: h.items(z.string()).mutation(async () => 1),
  },
})
interface Api extends Infer<typeof router> {}
declare const hot: QueryOptionsOf<Client<Api>>
const queryClient = new QueryClient()

describe('query options', () => {
  it('give data and errors by the procedure', () => {
    const { data, error } = useQuery(hot.tasks.get.queryOptions({ id: 1n, deep: true }))
    expectTypeOf(data).toEqualTypeOf<Task | undefined>()
    if (error?.code === 'GONE') expectTypeOf(error.data).toEqualTypeOf<{ since: Date }>()
    if (error?.code === 'BAD_INPUT') expectTypeOf(error.data.issues).toExtend<readonly object[]>()
    expectTypeOf(error).toExtend<HotlineError | null>()
  })

  it('leave the input out exactly where the procedure does', () => {
    expectTypeOf(useSuspenseQuery(hot.ping.queryOptions()).data).toEqualTypeOf<'pong'>()
    expectTypeOf(useSuspenseQuery(hot.tasks.list.queryOptions()).data).toEqualTypeOf<Task[]>()
    hot.tasks.list.queryOptions({ done: true })
    // @ts-expect-error an input is needed
    hot.tasks.get.queryOptions()
  })

  it('refuse another input', () => {
    // @ts-expect-error not a boolean
    hot.tasks.list.queryOptions({ done: 'yes' })
    // @ts-expect-error an unknown field
    hot.tasks.get.queryOptions({ id: 1n, deep: true, more: 1 })
    // @ts-expect-error a field is missing
    hot.tasks.get.queryOptions({ id: 1n })
  })

  it('infer data through select', () => {
    const options = hot.tasks.list.queryOptions(undefined, { select: (tasks) => tasks.map(({ title }) => title) })
    expectTypeOf(useQuery(options).data).toEqualTypeOf<string[] | undefined>()
    expectTypeOf(useSuspenseQuery(options).data).toEqualTypeOf<string[]>()
  })

  it('know that data is there with initialData', () => {
    const options = hot.tasks.list.queryOptions(undefined, { initialData: [] })
    expectTypeOf(useQuery(options).data).toEqualTypeOf<Task[]>()
    // @ts-expect-error not a list of tasks
    hot.tasks.list.queryOptions(undefined, { initialData: ['milk'] })
  })

  it('know so of what a stream keeps, too', () => {
    const stream = hot.tasks.changes.subscriptionOptions({ list: 'home' })
    const snapshot = hot.tasks.list.liveOptions(undefined, { stream, initialData: [] })
    expectTypeOf(useQuery(snapshot).data).toEqualTypeOf<Task[]>()
    const values = hot.tasks.watched.liveOptions({ list: 'home' }, { values: liveValues, initialData: () => [] })
    expectTypeOf(useQuery(values).data).toEqualTypeOf<Task[]>()
    const streamed = { initialData: [], select: (changes: readonly Change[]) => changes.length }
    expectTypeOf(useQuery(hot.tasks.changes.streamedOptions({ list: 'home' }, streamed)).data).toEqualTypeOf<number>()
    const last = hot.tasks.changes.liveOptions({ list: 'home' }, { initialData: { type: 'removed', id: 1n } })
    expectTypeOf(useQuery(last).data).toEqualTypeOf<Change>()
    // @ts-expect-error not a change
    hot.tasks.changes.liveOptions({ list: 'home' }, { initialData: 5 })
  })

  it('take TanStack options, and refuse those that they make themselves', () => {
    hot.ping.queryOptions(undefined, { staleTime: 5_000, enabled: false, gcTime: 1, retry: false, meta: { a: 1 } })
    // @ts-expect-error the key is made
    hot.ping.queryOptions(undefined, { queryKey: ['mine'] })
    // @ts-expect-error the signal is the query's
    hot.ping.queryOptions(undefined, { call: { signal: new AbortController().signal } })
    hot.ping.queryOptions(undefined, { call: { timeoutMs: 5_000, headers: { trace: 't' } } })
  })

  it('may be skipped, and then promise no data', () => {
    const id = 5n as bigint | undefined
    const options = hot.tasks.get.queryOptions(id === undefined ? skipToken : { id, deep: false })
    expectTypeOf(useQuery(options).data).toEqualTypeOf<Task | undefined>()
    expectTypeOf(options.queryFn).extract<SkipToken>().toEqualTypeOf<SkipToken>()
    // @ts-expect-error suspense can't wait for what isn't asked for
    useSuspenseQuery(options)
  })

  it('work in useQueries', () => {
    const [list, ping] = useQueries({ queries: [hot.tasks.list.queryOptions(), hot.ping.queryOptions()] })
    expectTypeOf(list.data).toEqualTypeOf<Task[] | undefined>()
    expectTypeOf(ping.data).toEqualTypeOf<'pong' | undefined>()
  })

  it('work with the imperative side', () => {
    expectTypeOf(queryClient.fetchQuery(hot.tasks.list.queryOptions())).resolves.toEqualTypeOf<Task[]>()
    expectTypeOf(queryClient.ensureQueryData(hot.ping.queryOptions())).resolves.toEqualTypeOf<'pong'>()
    void queryClient.prefetchQuery(hot.ping.queryOptions())
  })

  it('are not there for what no client has', () => {
    // @ts-expect-error no such procedure
    hot.tasks.remove
    // @ts-expect-error a group is no procedure
    hot.tasks.queryOptions
    // @ts-expect-error a subscription has no plain query
    hot.tasks.changes.queryOptions
    // @ts-expect-error what takes items has only its path
    hot.tasks.importRows.mutationOptions
    expectTypeOf(hot.tasks.importRows.pathKey).toBeFunction()
  })
})

describe('keys', () => {
  it('know what is cached by them', () => {
    expectTypeOf(queryClient.getQueryData(hot.tasks.list.queryKey())).toEqualTypeOf<Task[] | undefined>()
    queryClient.setQueryData(hot.tasks.get.queryKey({ id: 1n, deep: true }), (task) => {
      expectTypeOf(task).toEqualTypeOf<Task | undefined>()
      return task
    })
    expectTypeOf(queryClient.getQueryData(hot.tasks.page.infiniteKey())).toEqualTypeOf<
      InfiniteData<{ items: Task[]; next: number | null }> | undefined
    >()
  })

  it('find a part of an input, and refuse what is none', () => {
    void queryClient.invalidateQueries(hot.tasks.get.queryFilter({ id: 1n }))
    void queryClient.invalidateQueries(hot.tasks.pathFilter())
    void queryClient.invalidateQueries(hot.pathFilter({ type: 'active' }))
    void queryClient.invalidateQueries(hot.tasks.list.queryFilter({ done: true }, { refetchType: 'none' } as object))
    // @ts-expect-error not an id
    hot.tasks.get.queryFilter({ id: 'one' })
  })
})

describe('infinite options', () => {
  it('make the input of a page of its parameter', () => {
    const options = hot.tasks.page.infiniteOptions({
      input: (from) => ({ from }),
      initialPageParam: 0,
      getNextPageParam: (last) => last.next,
    })
    expectTypeOf(useInfiniteQuery(options).data).toEqualTypeOf<
      InfiniteData<{ items: Task[]; next: number | null }, number> | undefined
    >()
  })

  it('infer data through select, and refuse another input', () => {
    const options = hot.tasks.page.infiniteOptions({
      input: (from) => ({ from }),
      initialPageParam: 0,
      getNextPageParam: (last) => last.next,
      select: ({ pages }) => pages.flatMap(({ items }) => items),
    })
    expectTypeOf(useInfiniteQuery(options).data).toEqualTypeOf<Task[] | undefined>()
    hot.tasks.page.infiniteOptions({
      // @ts-expect-error not a number
      input: (from) => ({ from: String(from) }),
      initialPageParam: 0,
      getNextPageParam: (last) => last.next,
    })
  })
})

describe('mutation options', () => {
  it('take the input as variables, and know the declared errors', () => {
    const { mutate, data, error } = useMutation(hot.tasks.add.mutationOptions())
    mutate({ title: 'milk' })
    expectTypeOf(data).toEqualTypeOf<Task | undefined>()
    if (error?.code === 'LIST_FULL') expectTypeOf(error.data.max).toEqualTypeOf<number>()
    // @ts-expect-error a title is text
    mutate({ title: 5 })
    // @ts-expect-error an input is needed
    mutate()
  })

  it('need no variables where there is no input', () => {
    const { mutate } = useMutation(hot.tasks.clear.mutationOptions({ onSuccess: (count) => count.toFixed() }))
    mutate()
  })

  it('type what is shown before the answer', () => {
    hot.tasks.add.mutationOptions({
      optimistic: (cache, { title }) =>
        cache.update(hot.tasks.list.queryKey(), (tasks) => [...tasks, { id: 0n, title }], {
          isIn: (tasks, task) => {
            expectTypeOf(tasks).toEqualTypeOf<Task[]>()
            expectTypeOf(task).toEqualTypeOf<Task>()
            return tasks.some(({ id }) => id === task.id)
          },
        }),
    })
    hot.tasks.add.mutationOptions({
      // @ts-expect-error a list of titles is no list of tasks
      optimistic: (cache, { title }) => cache.update(hot.tasks.list.queryFilter(), () => [title]),
    })
  })

  it('hand the result of onMutate on', () => {
    hot.tasks.add.mutationOptions({
      onMutate: () => ({ at: 5 }),
      onError: (_error, _input, before) => expectTypeOf(before?.at).toEqualTypeOf<number | undefined>(),
    })
  })
})

describe('live options', () => {
  const stream = hot.tasks.changes.subscriptionOptions({ list: 'home' })

  it('type the value and the items of its stream', () => {
    const options = hot.tasks.list.liveOptions(undefined, {
      stream,
      reduce: (tasks, change) => {
        expectTypeOf(tasks).toEqualTypeOf<Task[]>()
        expectTypeOf(change).toEqualTypeOf<Change>()
        return tasks
      },
    })
    expectTypeOf(useSuspenseQuery(options).data).toEqualTypeOf<Task[]>()
    // @ts-expect-error a stream is needed
    hot.tasks.list.liveOptions(undefined, {})
    // @ts-expect-error a number is no list of tasks
    hot.tasks.list.liveOptions(undefined, { stream, reduce: () => 5 })
  })

  it('infer data through select, and may be skipped', () => {
    const options = hot.tasks.list.liveOptions(skipToken, { stream, select: (tasks) => tasks.length })
    expectTypeOf(useQuery(options).data).toEqualTypeOf<number | undefined>()
    // @ts-expect-error suspense can't wait for what isn't asked for
    useSuspenseQuery(options)
  })

  it('of a live query give its value, with the errors and the key of the query', () => {
    const options = hot.tasks.watched.liveOptions({ list: 'home' }, { values: liveValues })
    expectTypeOf(useSuspenseQuery(options).data).toEqualTypeOf<Task[]>()
    const counted = hot.tasks.watched.liveOptions(skipToken, { values: liveValues, select: (tasks) => tasks.length })
    expectTypeOf(useQuery(counted).data).toEqualTypeOf<number | undefined>()
    expectTypeOf(useQuery(hot.tasks.watched.queryOptions({ list: 'home' })).data).toEqualTypeOf<Task[] | undefined>()
    // @ts-expect-error a list has a name
    hot.tasks.watched.liveOptions({ list: 5 }, { values: liveValues })
    // @ts-expect-error a plain query has no values
    hot.tasks.list.liveOptions(undefined, { values: liveValues })
  })

  it('of a subscription give its items', () => {
    expectTypeOf(useQuery(hot.tasks.changes.liveOptions({ list: 'home' })).data).toEqualTypeOf<Change | undefined>()
    const streamed = hot.tasks.changes.streamedOptions({ list: 'home' }, { max: 5, select: (all) => all.length })
    expectTypeOf(useSuspenseQuery(streamed).data).toEqualTypeOf<number>()
    // @ts-expect-error a list has a name
    hot.tasks.changes.liveOptions({ list: 5 })
    // @ts-expect-error an input is needed
    hot.tasks.changes.streamedOptions()
  })
})

describe('useSubscription', () => {
  it('types items, errors and callbacks', () => {
    const { data, status, missed } = useSubscription(
      hot.tasks.changes.subscriptionOptions(
        { list: 'home' },
        { onItem: (change) => expectTypeOf(change).toEqualTypeOf<Change>() },
      ),
    )
    expectTypeOf(data).toEqualTypeOf<Change | undefined>()
    expectTypeOf(status).toEqualTypeOf<'idle' | 'connecting' | 'open' | 'resumed' | 'error' | 'done'>()
    expectTypeOf(missed).toEqualTypeOf<number | undefined>()
    useSubscription(hot.tasks.changes.subscriptionOptions(skipToken))
    // @ts-expect-error a query is no subscription
    useSubscription(hot.ping.queryOptions())
    expectTypeOf<Stream<Change>>().toExtend<AsyncIterable<Change>>()
  })
})
