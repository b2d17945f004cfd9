// @vitest-environment happy-dom
import { attachLive, type Optimistic, type QueryOptions } from '@hotline/react/options'
import { QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { createStage, type Task } from './fixture/task-server.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })

const undo: (() => void)[] = []
afterEach(() => {
  for (const each of undo.splice(0)) each()
})

type Mode = 'live' | 'plain'

/** A list on a page whose `add` shows its task before the server has it, and every list that the page has shown. */
function setUp(mode: Mode, isIn?: (tasks: Task[], task: Task) => boolean) {
  const stage = createStage()
  const { hot, server, queryClient } = stage
  undo.push(attachLive(queryClient))
  const reduce = (tasks: Task[], change: { type: string; task?: Task; id?: number }) =>
    change.task === undefined || tasks.some(({ id }) => id === change.task?.id) ? tasks : [...tasks, change.task]
  const live = () => hot.tasks.list.liveOptions(undefined, { stream: hot.tasks.changes.subscriptionOptions(), reduce })
  const options = (): QueryOptions<Task[], unknown, Task[]> =>
    (mode === 'live' ? live() : hot.tasks.list.queryOptions()) as QueryOptions<Task[], unknown, Task[]>
  const optimistic: Optimistic<{ title: string }, Task> = (cache, { title }) =>
    cache.update(
      hot.tasks.list.queryKey(),
      (tasks) => (tasks.some((task) => task.title === title) ? tasks : [...tasks, { id: 0, title }]),
      isIn === undefined ? {} : { isIn },
    )
  const shown: string[] = []
  let add: (input: { title: string }) => void = () => {}
  function List() {
    const { data } = useQuery(options())
    add = useMutation(hot.tasks.add.mutationOptions({ optimistic })).mutate
    const text = data === undefined ? 'loading' : data.map(({ title }) => title).join(' ')
    if (shown.at(-1) !== text) shown.push(text)
    return <p>{text}</p>
  }
  render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <List />
      </QueryClientProvider>
    </StrictMode>,
  )
  /** Makes answers wait until the test lets them go, by title. */
  const held = new Map<string, () => void>()
  server.beforeAnswer = (title) => new Promise((resolve) => held.set(title, resolve))
  return { ...stage, stage, shown, held, add: (title: string) => add({ title }) }
}

const text = () => screen.queryAllByText(/./).map((element) => element.textContent)[0]

describe.each<Mode>(['live', 'plain'])('an optimistic change of a %s query', (mode) => {
  it('shows at once, and never goes back while its answer and the value that has it are under way', async () => {
    const { stage, shown, held, add, server } = setUp(mode)
    await using _ = stage
    await expect.poll(text).toBe('milk')
    add('bread')
    await expect.poll(() => held.has('bread')).toBe(true)
    expect(text()).toBe('milk bread')
    held.get('bread')?.()
    const before = server.seen.lists
    await expect.poll(() => server.seen.lists).toBe(before + 1)
    await expect.poll(() => stage.queryClient.isFetching()).toBe(0)
    expect(stage.queryClient.getQueryData(stage.hot.tasks.list.queryKey())?.at(-1)?.id).toBe(2)
    expect(shown).toEqual(['loading', 'milk', 'milk bread'])
  })

  it('goes when the mutation fails, and those made beside it stay', async () => {
    const { stage, shown, held, add } = setUp(mode)
    await using _ = stage
    await expect.poll(text).toBe('milk')
    add('too much')
    add('bread')
    await expect.poll(() => held.size).toBe(2)
    await expect.poll(() => text()?.split(' ').sort().join(' ')).toBe('bread milk much too')
    held.get('too much')?.()
    await expect.poll(text).toBe('milk bread')
    held.get('bread')?.()
    await expect.poll(() => stage.queryClient.isMutating()).toBe(0)
    await expect.poll(() => stage.queryClient.isFetching()).toBe(0)
    expect(shown.slice(shown.findIndex((list) => list.includes('bread'))).every((list) => list.includes('bread'))).toBe(
      true,
    )
    expect(text()).toBe('milk bread')
  })

  it('holds for several at once, whichever is answered first', async () => {
    const { stage, shown, held, add } = setUp(mode)
    await using _ = stage
    await expect.poll(text).toBe('milk')
    for (const title of ['a', 'b', 'c']) add(title)
    await expect.poll(() => held.size).toBe(3)
    for (const title of ['c', 'a', 'b']) {
      held.get(title)?.()
      await expect.poll(() => stage.queryClient.isFetching()).toBe(0)
    }
    await expect.poll(() => stage.queryClient.isMutating()).toBe(0)
    await expect.poll(() => stage.queryClient.isFetching()).toBe(0)
    expect(text()).toBe('milk a b c')
    const lengths = shown.filter((list) => list !== 'loading').map((list) => list.split(' ').length)
    expect(lengths).toEqual([...lengths].sort())
  })
})

describe('an optimistic change that says how to find it', () => {
  const isIn = (tasks: Task[], task: Task) => tasks.some(({ id }) => id === task.id)

  it('needs no read of its own: the item that brings it is enough', async () => {
    const { stage, shown, held, add, server, queryClient, hot } = setUp('live', isIn)
    await using _ = stage
    await expect.poll(text).toBe('milk')
    add('bread')
    await expect.poll(() => held.has('bread')).toBe(true)
    held.get('bread')?.()
    await expect.poll(() => queryClient.isMutating()).toBe(0)
    await expect.poll(() => queryClient.getQueryData(hot.tasks.list.queryKey())?.at(-1)?.id).toBe(2)
    expect(server.seen.lists).toBe(1)
    expect(shown).toEqual(['loading', 'milk', 'milk bread'])
  })

  it('holds until the item comes, where that is later than the answer', async () => {
    const { stage, shown, held, add, server, queryClient, hot } = setUp('live', isIn)
    await using _ = stage
    await expect.poll(text).toBe('milk')
    server.tells = false
    add('bread')
    await expect.poll(() => held.has('bread')).toBe(true)
    held.get('bread')?.()
    await expect.poll(() => queryClient.isMutating()).toBe(0)
    server.changes.publish({ type: 'added', task: { id: 7, title: 'eggs' } })
    await expect.poll(text).toContain('eggs')
    expect(text()).toBe('milk eggs bread')
    // It never comes: the list is read anew in the end.
    await expect.poll(() => server.seen.lists).toBe(2)
    await expect.poll(() => queryClient.getQueryData(hot.tasks.list.queryKey())?.at(-1)?.id).toBe(2)
    expect(shown.filter((list) => list === 'milk')).toHaveLength(1)
  })
})

describe('an optimistic change', () => {
  it('is read anew where what follows the answer fails, for the server has made it', async () => {
    const { stage, held, hot, queryClient } = setUp('plain')
    await using _ = stage
    await expect.poll(text).toBe('milk')
    const clumsy = queryClient.getMutationCache().build(queryClient, {
      ...hot.tasks.add.mutationOptions({
        optimistic: (cache, { title }) =>
          cache.update(hot.tasks.list.queryKey(), (tasks) => [...tasks, { id: 0, title }]),
      }),
      onSuccess: () => Promise.reject(new TypeError('a mistake')),
    })
    const failed = expect(clumsy.execute({ title: 'bread' })).rejects.toThrow('a mistake')
    await expect.poll(() => held.has('bread')).toBe(true)
    expect(queryClient.getQueryData(hot.tasks.list.queryKey())?.at(-1)?.id).toBe(0)
    held.get('bread')?.()
    await failed
    await expect.poll(() => queryClient.getQueryData(hot.tasks.list.queryKey())?.at(-1)?.id).toBe(2)
    expect(text()).toBe('milk bread')
  })

  it('survives that a read is cancelled, and is rolled back all the same', async () => {
    const { stage, held, add, queryClient, hot, server } = setUp('live')
    await using _ = stage
    await expect.poll(text).toBe('milk')
    let answer = () => {}
    server.beforeList = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    void queryClient.refetchQueries(hot.tasks.list.queryFilter())
    await expect.poll(() => server.seen.lists).toBe(2)
    server.add('early')
    await expect.poll(text).toBe('milk early')
    add('too much')
    await queryClient.cancelQueries(hot.tasks.list.queryFilter())
    server.beforeList = async () => {}
    answer()
    expect(queryClient.getQueryData(hot.tasks.list.queryKey())?.map(({ title }) => title)).toEqual([
      'milk',
      'early',
      'too much',
    ])
    await expect.poll(() => held.has('too much')).toBe(true)
    held.get('too much')?.()
    await expect.poll(text).toBe('milk early')
  })

  it('is told of by a sentence where nothing follows the cache', async () => {
    await using stage = createStage()
    const optimistic: Optimistic<{ title: string }, Task> = () => {}
    const { mutationFn } = stage.hot.tasks.add.mutationOptions({ optimistic })
    const context = { client: stage.queryClient, meta: undefined }
    await expect(mutationFn({ title: 'bread' }, context)).rejects.toThrow('"optimistic" need attachLive(queryClient)')
  })
})
