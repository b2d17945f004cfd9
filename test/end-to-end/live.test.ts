import { setImmediate } from 'node:timers/promises'
import { isErrorOf, type LiveUpdate, liveValues } from '@hotline/client'
import { createCaller, hotline, type Infer, topic } from '@hotline/server'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openStage, type Stage } from '../real-sockets/fixture/stage.ts'
import { greet } from './raw-client.ts'

interface Todo {
  readonly id: number
  readonly title: string
}

/** A list of todos that tells of its changes, and counts how often it is read. */
class Store {
  readonly changes = topic<void>()
  runs = 0
  todos: Todo[] = Array.from({ length: 50 }, (_, id) => ({ id, title: `todo ${id}` }))

  read(): Todo[] {
    this.runs++
    if (this.todos.length === 0) throw new Error('nothing left')
    return this.todos
  }

  add(title: string): void {
    this.todos.push({ id: this.todos.length, title })
    this.changes.publish()
  }
}

function routerOf(store: Store) {
  const h = hotline<object>()
  return h.router({
    todos: {
      list: h
        .input(z.object({ isShort: z.boolean().optional() }))
        .errors({ SHUT: z.string() })
        .live({
          on: () => store.changes,
          query: ({ input, errors }) => {
            if (store.todos.length > 1_000) throw errors.SHUT('too many')
            return input.isShort === true ? store.read().slice(0, 2) : store.read()
          },
        }),
    },
  })
}
interface Api extends Infer<ReturnType<typeof routerOf>> {}

let stage: Stage | undefined
afterEach(() => stage?.[Symbol.asyncDispose]())

async function open(limits: { readonly graceMs?: number } = {}) {
  const store = new Store()
  stage = await openStage(routerOf(store), { limits })
  const { api, states } = stage.invite<Api>({ isHasty: true })
  return { store, api, states, proxy: stage.proxy, port: stage.server.port ?? 0 }
}

/** Until `is` holds; the test's own deadline is the limit. */
async function until(is: () => boolean): Promise<void> {
  while (!is()) await setImmediate()
}

describe('a live query', () => {
  it('answers once under its path, and below that as a stream of the same value', async () => {
    const { store, api } = await open()
    expect(await api.todos.list({ isShort: true })).toEqual(store.todos.slice(0, 2))
    const seen: Todo[][] = []
    for await (const list of liveValues(await api.todos.list.live({}))) {
      seen.push(list)
      if (seen.length === 1) store.add('new')
      if (seen.length === 2) break
    }
    expect(seen[0]).toHaveLength(50)
    expect(seen[1]).toEqual(store.todos)
    expect(seen[1]?.[7]).toBe(seen[0]?.[7])
    await until(() => store.changes.size === 0)
  })

  it('is read once for a burst of changes, and says nothing where the value is the same', async () => {
    const { store, api } = await open()
    const lengths: number[] = []
    liveValues(await api.todos.list.live({})).on({ next: ({ length }) => lengths.push(length) })
    await until(() => lengths.length === 1)
    for (let n = 0; n < 100; n++) store.add(`new ${n}`)
    await until(() => lengths.length === 2)
    expect(store.runs).toBe(2)
    store.changes.publish()
    await until(() => store.runs === 3)
    store.add('last')
    await until(() => lengths.length === 3)
    expect(lengths).toEqual([50, 150, 151])
    expect(store.runs).toBe(4)
  })

  it('loses nothing over cuts, and is not sent whole again', async () => {
    const { store, api, states, proxy } = await open()
    const updates: LiveUpdate<Todo[]>[] = []
    const stream = await api.todos.list.live({})
    const words: string[] = []
    stream.on({ next: (update) => updates.push(update), gap: () => words.push('gap') })
    let value: Todo[] | undefined
    const values = liveValues(await api.todos.list.live({}))
    values.on({ next: (list) => (value = list) })
    for (let n = 1; n <= 5; n++) {
      await until(() => value?.length === store.todos.length)
      proxy.cut()
      store.add(`while away ${n}`)
      await until(() => states.filter((name) => name === 'open').length > n)
    }
    await until(() => value?.length === 55 && updates.length > 5)
    expect(value).toEqual(store.todos)
    expect(updates.filter(({ patch }) => patch === undefined)).toHaveLength(1)
    expect(words).toEqual([])
  })

  it('begins anew with the whole value when its session is lost, and nothing is missing', async () => {
    const { store, api, proxy } = await open({ graceMs: 0 })
    const [lengths, words]: [number[], string[]] = [[], []]
    const updates: LiveUpdate<Todo[]>[] = []
    liveValues(await api.todos.list.live({})).on({ next: ({ length }) => lengths.push(length) })
    const stream = await api.todos.list.live({})
    stream.on({ next: (u) => updates.push(u), gap: () => words.push('gap'), resumed: () => words.push('resumed') })
    await until(() => lengths.length === 1 && updates.length === 1)
    proxy.cut()
    await until(() => store.changes.size === 0)
    store.add('missed by both')
    await until(() => lengths.length === 2 && updates.length === 2)
    store.add('seen by both')
    await until(() => lengths.length === 3 && updates.length === 3)
    expect(lengths).toEqual([50, 51, 52])
    expect(updates.map(({ patch }) => patch === undefined)).toEqual([true, true, false])
    expect(words).toEqual(['resumed'])
  })

  it('gives a reader who was slow the newest value, and none of those between', async () => {
    const { store, api } = await open()
    store.todos.push({ id: 50, title: 'x'.repeat(40_000) })
    const stream = await api.todos.list.live({})
    await until(() => store.runs === 1)
    for (let n = 0; n < 50; n++) {
      store.add(`${n}`)
      await setImmediate()
    }
    expect(store.runs).toBe(1)
    const lengths: number[] = []
    liveValues(stream).on({ next: ({ length }) => lengths.push(length) })
    await until(() => lengths.at(-1) === 101)
    expect(lengths).toEqual([51, 101])
    expect(store.runs).toBe(2)
  })

  it('refuses with what the first reading throws, and ends with what a later one does, typed', async () => {
    const { store, api } = await open()
    const values = liveValues(await api.todos.list.live({}))
    const iterator = values[Symbol.asyncIterator]()
    await iterator.next()
    store.todos = Array.from({ length: 1_001 }, (_, id) => ({ id, title: '' }))
    store.changes.publish()
    const isShut = (error: unknown) => isErrorOf(api.todos.list, error, 'SHUT') && error.data === 'too many'
    await expect(iterator.next()).rejects.toSatisfy(isShut)
    await expect(api.todos.list.live({})).rejects.toSatisfy(isShut)
    await expect(api.todos.list({})).rejects.toSatisfy(isShut)
    await until(() => store.changes.size === 0)
  })

  it('on the wire: a new row costs less than a tenth of the list', async () => {
    const { store, port } = await open()
    const client = await greet(port)
    const items = () => client.transcript.filter((text) => text.includes('["item"'))
    client.say([1, 0, ['call', 1, 'todos.list.live', {}]])
    await until(() => items().length === 1)
    store.add('new')
    await until(() => items().length === 2)
    const [first = '', second = ''] = items()
    expect(second).toContain('{"patch":{"rows":[[0,50],{"new":[{"id":50,"title":"new"}]}]}}')
    expect(second.length).toBeLessThan(first.length / 10)
    client.socket.terminate()
  })

  it('goes on where a change lies so deep that saying where would nest deeper than anything is sent', async () => {
    interface Thread {
      readonly id: number
      readonly text: string
      readonly replies: Thread[]
    }
    const changes = topic<void>()
    const newThread = (id: number): Thread => ({ id, text: 'x'.repeat(200), replies: [] })
    const thread = newThread(0)
    let last = thread
    const deepen = () => {
      const reply = newThread(last.id + 1)
      last.replies.push(reply)
      last = reply
      changes.publish()
    }
    const h = hotline<object>()
    const router = h.router({ thread: h.live({ on: () => changes, query: () => thread }) })
    stage = await openStage(router)
    const { api } = stage.invite<Infer<typeof router>>()
    let levels = 0
    for await (const shown of liveValues(await api.thread.live())) {
      expect(shown).toEqual(thread)
      // Two for each reply, and one for the item.
      if (++levels === 31) break
      deepen()
    }
    expect(levels).toBe(31)
  })

  it('is served without a wire as well', async () => {
    const store = new Store()
    const caller = createCaller(routerOf(store), {})
    expect(await caller.todos.list({ isShort: true })).toHaveLength(2)
    const lengths: number[] = []
    for await (const { length } of liveValues(await caller.todos.list.live({}))) {
      lengths.push(length)
      if (lengths.length === 2) break
      store.add('new')
    }
    expect(lengths).toEqual([50, 51])
    expect(store.changes.size).toBe(0)
  })
})
