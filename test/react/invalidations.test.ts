// @vitest-environment happy-dom
import { connectionOf, liveValues } from '@hotline/client'
import { attachInvalidations, attachLive, createQueryOptions, type FactoryOptions } from '@hotline/react/options'
import { HotlineError, hotline, invalidations, topic } from '@hotline/server'
import { serveInMemory } from '@hotline/testing'
import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'

interface Context {
  readonly tenant: string
}

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

/** A server of lists, how often each was read, and clients of its tenants that read anew what it invalidates. */
function setUp({ refusals = [] as HotlineError[] } = {}) {
  const reads: string[] = []
  const words = topic<string>()
  const changes = invalidations<Context>({ audience: (ctx) => ctx.tenant })
  const root = hotline<Context>()
  const h = root.use(changes.middleware)
  const count = (name: string) => `${name} ${reads.push(name)}`
  let held: Promise<void> | undefined
  /** Keeps back what lists were read as from now on, until told otherwise. */
  const hold = () => {
    let release = () => {}
    held = new Promise((resolve) => {
      release = resolve
    })
    return () => {
      held = undefined
      release()
    }
  }
  const router = root.router({
    tasks: {
      list: h.input(z.object({ list: z.string(), since: z.date().optional() })).query(async ({ input }) => {
        const read = count(input.list)
        await held
        return read
      }),
      page: h
        .input(z.object({ list: z.string(), from: z.number() }))
        .query(({ input }) => count(`page of ${input.list}`)),
      words: h.subscription(() => {
        count('words')
        return words.subscribe({ whenFull: 'drop-oldest' })
      }),
      watched: h.live({
        on: () => {
          count('watched')
          return words
        },
        query: () => count('value'),
      }),
      rename: h.meta({ invalidates: ['tasks'] }).mutation(() => 'renamed'),
      move: h.input(z.object({ from: z.string(), to: z.string() })).mutation(({ ctx, input }) => {
        ctx.invalidate('tasks.list', { list: input.from })
        ctx.invalidate('tasks.list', { list: input.to })
      }),
      turn: h.input(z.object({ list: z.string() })).mutation(({ ctx, input }) => {
        ctx.invalidate('tasks.page', input)
      }),
      since: h.input(z.date()).mutation(({ ctx, input }) => ctx.invalidate('tasks.list', { since: input })),
      twice: h.meta({ invalidates: ['tasks', 'tasks.list'] }).mutation(({ ctx }) => {
        ctx.invalidate('tasks.list', { list: 'home' })
      }),
    },
    files: { list: h.query(() => count('files')) },
    changes: h.subscription(async (call) => {
      count('changes')
      const refusal = refusals.shift()
      if (refusal !== undefined) throw refusal
      return changes.handler(call)
    }),
  })
  const line = serveInMemory<typeof router, Context>(router, {
    authenticate: ({ auth }) => ({ context: { tenant: String(auth) } }),
  })
  undo.push(() => line.stop())

  async function connect(tenant: string, options: FactoryOptions = {}, queryClient = new QueryClient()) {
    const api = line.connect({ auth: () => tenant })
    const hot = createQueryOptions(api, options)
    undo.push(
      () => connectionOf(api).close(),
      () => queryClient.clear(),
      attachLive(queryClient),
    )
    const detach = attachInvalidations(queryClient, hot, hot.changes.subscriptionOptions())
    undo.push(detach)
    // Answered behind the opening of the stream.
    await api.files.list()
    const lists: (() => void)[] = []
    const leave = () => {
      for (const each of lists.splice(0)) each()
    }
    /** Looks at lists until the test is over, each read once by then. */
    const look = async (...names: string[]) => {
      for (const list of names) {
        const options = hot.tasks.list.queryOptions({ list }, { staleTime: Number.POSITIVE_INFINITY })
        const shown = new QueryObserver(queryClient, options)
        lists.push(shown.subscribe(() => {}))
        undo.push(leave)
        await expect.poll(() => shown.getCurrentResult().isSuccess).toBe(true)
      }
    }
    /** When all that was invalidated before has been read anew. */
    const settle = async () => {
      for (let n = 0; n < 3; n++) await api.files.list()
      await expect.poll(() => queryClient.isFetching()).toBe(0)
    }
    return { api, hot, queryClient, detach, look, leave, settle }
  }
  const readsOf = (name: string) => reads.filter((read) => read === name).length
  return { line, changes, words, connect, readsOf, hold }
}

/** Takes the place of the test runner's own listeners, who would count what is thrown on as a failure. */
function catchThrownOn(): unknown[] {
  const thrown: unknown[] = []
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => thrown.push(error))
  undo.push(() => {
    process.removeAllListeners('uncaughtException')
    for (const other of others) process.on('uncaughtException', other)
  })
  return thrown
}

describe('what a mutation invalidates', () => {
  it('is read anew where it is shown, in every client of its audience and in no other', async () => {
    const { connect, readsOf } = setUp()
    const ours = [await connect('a'), await connect('a')] as const
    const theirs = await connect('b')
    for (const client of [...ours, theirs]) await client.look('home')
    expect(readsOf('home')).toBe(3)
    await ours[0].api.tasks.rename()
    await expect.poll(() => readsOf('home')).toBe(5)
    for (const client of [...ours, theirs]) await client.settle()
    expect(readsOf('home')).toBe(5)
  })

  it('is all that is below its path, and nothing else', async () => {
    const { connect, readsOf } = setUp()
    const { api, hot, queryClient, look, settle } = await connect('a')
    await look('home', 'work')
    undo.push(new QueryObserver(queryClient, hot.files.list.queryOptions()).subscribe(() => {}))
    await settle()
    const files = readsOf('files')
    await api.tasks.rename()
    await expect.poll(() => [readsOf('home'), readsOf('work')]).toEqual([2, 2])
    await expect.poll(() => queryClient.isFetching()).toBe(0)
    expect(readsOf('files')).toBe(files)
  })

  it('with an input is every query whose input has this part, infinite ones too', async () => {
    const { connect, readsOf } = setUp()
    const { api, hot, queryClient, look, settle } = await connect('a')
    await look('home', 'work', 'other')
    const pages = new InfiniteQueryObserver(
      queryClient,
      hot.tasks.page.infiniteOptions({
        input: (from: number) => ({ list: 'home', from }),
        initialPageParam: 0,
        getNextPageParam: () => undefined,
      }),
    )
    undo.push(pages.subscribe(() => {}))
    await expect.poll(() => readsOf('page of home')).toBe(1)
    await api.tasks.move({ from: 'home', to: 'work' })
    await settle()
    expect(['home', 'work', 'other', 'page of home'].map(readsOf)).toEqual([2, 2, 1, 1])
    await api.tasks.turn({ list: 'work' })
    await api.tasks.turn({ list: 'home' })
    await settle()
    expect(['home', 'work', 'other', 'page of home'].map(readsOf)).toEqual([2, 2, 1, 2])
  })

  it('may have an input that JSON cannot say', async () => {
    const { connect, readsOf } = setUp()
    const { api, hot, queryClient, settle } = await connect('a')
    for (const time of [1, 2]) {
      const options = hot.tasks.list.queryOptions({ list: `since ${time}`, since: new Date(time) })
      undo.push(new QueryObserver(queryClient, options).subscribe(() => {}))
    }
    await settle()
    await api.tasks.since(new Date(2))
    await settle()
    expect([readsOf('since 1'), readsOf('since 2')]).toEqual([1, 2])
  })

  it('is read again where it was being read for the first time, since that may have been before', async () => {
    const { connect, readsOf, hold } = setUp()
    const { api, hot, queryClient, settle } = await connect('a')
    const release = hold()
    const options = hot.tasks.list.queryOptions({ list: 'home' }, { staleTime: Number.POSITIVE_INFINITY })
    const shown = new QueryObserver(queryClient, options)
    undo.push(shown.subscribe(() => {}))
    void queryClient.prefetchQuery(hot.tasks.list.queryOptions({ list: 'work' }))
    await expect.poll(() => [readsOf('home'), readsOf('work')]).toEqual([1, 1])
    await api.tasks.rename()
    await api.files.list()
    release()
    await settle()
    expect([readsOf('home'), readsOf('work')]).toEqual([2, 1])
    expect(shown.getCurrentResult()).toMatchObject({ isFetchedAfterMount: true, isStale: false })
    expect(queryClient.getQueryState(hot.tasks.list.queryKey({ list: 'work' }))?.isInvalidated).toBe(true)
  })

  it('is shown as it was read, however often it is invalidated meanwhile, and read once more', async () => {
    const { connect, readsOf, hold } = setUp()
    const { api, hot, queryClient, look, settle } = await connect('a')
    await look('home')
    const release = hold()
    for (let times = 0; times < 3; times++) {
      await api.tasks.rename()
      await expect.poll(() => readsOf('home')).toBe(2)
    }
    const shown: unknown[] = []
    const query = queryClient.getQueryCache().find(hot.tasks.list.queryFilter({ list: 'home' }))
    undo.push(
      queryClient.getQueryCache().subscribe(({ type }) => {
        if (type === 'updated' && query?.state.data !== shown.at(-1)) shown.push(query?.state.data)
      }),
    )
    release()
    await settle()
    expect(readsOf('home')).toBe(3)
    expect(shown).toHaveLength(2)
  })

  it('is stale where nobody looks, and read when somebody does', async () => {
    const { connect, readsOf } = setUp()
    const { api, look, leave, settle } = await connect('a')
    await look('home')
    leave()
    await api.tasks.rename()
    await settle()
    expect(readsOf('home')).toBe(1)
    await look('home')
    await expect.poll(() => readsOf('home')).toBe(2)
  })

  it('is asked for once, however often one turn names it', async () => {
    const { connect, readsOf } = setUp()
    const { api, queryClient, look, settle } = await connect('a')
    await look('home')
    let fetches = 0
    const countFetches = queryClient.getQueryCache().subscribe((event) => {
      if (event.type === 'updated' && event.action.type === 'fetch') fetches++
    })
    await api.tasks.twice()
    await settle()
    expect([fetches, readsOf('home')]).toEqual([1, 2])
    countFetches()
  })

  it('leaves alone what a stream gives, which would begin from its start', async () => {
    const { connect, readsOf, words } = setUp()
    const { api, hot, queryClient, settle } = await connect('a')
    const shown = new QueryObserver(queryClient, hot.tasks.words.streamedOptions())
    undo.push(shown.subscribe(() => {}))
    await expect.poll(() => words.size).toBe(1)
    words.publish('milk')
    await expect.poll(() => shown.getCurrentResult().data).toEqual(['milk'])
    await api.tasks.rename()
    await settle()
    expect(readsOf('words')).toBe(1)
    expect(shown.getCurrentResult().data).toEqual(['milk'])
  })

  it('leaves alone the values of a live query while somebody follows them', async () => {
    const { connect, readsOf } = setUp()
    const { api, hot, queryClient, settle } = await connect('a')
    const shown = new QueryObserver(queryClient, hot.tasks.watched.liveOptions(undefined, { values: liveValues }))
    undo.push(shown.subscribe(() => {}))
    await expect.poll(() => shown.getCurrentResult().isSuccess).toBe(true)
    await api.tasks.rename()
    await settle()
    expect([readsOf('watched'), shown.getCurrentResult().isStale]).toEqual([1, false])
  })

  it('makes the values of a live query stale where nobody follows them, for who looks next, in either way', async () => {
    const { line, connect, readsOf } = setUp()
    const { api, hot, queryClient, settle } = await connect('a')
    const live = hot.tasks.watched.liveOptions(undefined, { values: liveValues })
    const plain = hot.tasks.watched.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY })
    for (const [times, options] of [live, plain, live].entries()) {
      const shown = new QueryObserver(queryClient, options)
      const leave = shown.subscribe(() => {})
      await expect.poll(() => shown.getCurrentResult()).toMatchObject({ isStale: false, isFetching: false })
      expect(readsOf('value')).toBe(times + 1)
      leave()
      // That of the invalidations.
      await expect.poll(() => line.stats().streams).toBe(1)
      await api.tasks.rename()
      await settle()
      expect(queryClient.getQueryState(live.queryKey)?.isInvalidated).toBe(true)
      expect(readsOf('value')).toBe(times + 1)
    }
    expect(readsOf('watched')).toBe(2)
  })

  it('of one API is none of another in the same cache', async () => {
    const shop = setUp()
    const bank = setUp()
    const inShop = await shop.connect('a', { prefix: 'shop' })
    const inBank = await bank.connect('a', { prefix: 'bank' }, inShop.queryClient)
    await inShop.look('home')
    await inBank.look('home')
    await inShop.api.tasks.rename()
    shop.changes.invalidate({ all: true })
    await inShop.settle()
    expect([shop.readsOf('home'), bank.readsOf('home')]).toEqual([3, 1])
  })
})

describe('all that is shown', () => {
  it('is read anew when the server says so, and nothing else is', async () => {
    const { connect, changes, readsOf } = setUp()
    const { look, leave, settle } = await connect('a')
    await look('home')
    leave()
    await look('work')
    changes.invalidate({ all: true })
    await settle()
    expect([readsOf('home'), readsOf('work')]).toEqual([1, 2])
  })

  it('is read anew once after a lost session', async () => {
    const { connect, line, readsOf } = setUp()
    const { api, look, settle } = await connect('a')
    await look('home', 'work')
    await line.stop()
    line.start()
    connectionOf(api).connect()
    await expect.poll(() => [readsOf('home'), readsOf('work')]).toEqual([2, 2])
    await settle()
    expect([readsOf('home'), readsOf('work'), readsOf('changes')]).toEqual([2, 2, 2])
  })

  it('is read anew when the stream could be opened in the end, and not when it was at once', async () => {
    const { connect, readsOf } = setUp({ refusals: [new HotlineError('TOO_MANY_REQUESTS')] })
    const late = await connect('a')
    const early = await connect('a')
    await late.look('home')
    await early.look('work')
    await expect.poll(() => readsOf('home')).toBe(2)
    await early.settle()
    expect([readsOf('work'), readsOf('changes')]).toEqual([1, 3])
  })
})

describe('the stream of invalidations', () => {
  it('closes with its undo, after which nothing is read', async () => {
    const { connect, changes, readsOf } = setUp()
    const { api, detach, look, settle } = await connect('a')
    await look('home')
    detach()
    detach()
    await expect.poll(() => changes.size).toBe(0)
    await api.tasks.rename()
    await settle()
    expect(readsOf('home')).toBe(1)
  })

  it('that is refused for good says so to the page', async () => {
    const thrown = catchThrownOn()
    const { connect, readsOf } = setUp({ refusals: [new HotlineError('FORBIDDEN')] })
    await connect('a')
    await expect.poll(() => thrown).toMatchObject([{ code: 'FORBIDDEN' }])
    expect(readsOf('changes')).toBe(1)
  })

  it('is not opened where a server renders', async () => {
    const browserWindow = window
    Reflect.deleteProperty(globalThis, 'window')
    try {
      const { connect, changes } = setUp()
      await connect('a')
      expect(changes.size).toBe(0)
    } finally {
      Object.assign(globalThis, { window: browserWindow })
    }
  })
})
