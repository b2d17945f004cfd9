import { setImmediate } from 'node:timers/promises'
import { hotline, type Invalidation } from '@hotline/core'
import { describe, expect, it, vi } from 'vitest'
import { createCaller } from '../create-caller.ts'
import type { Invalidated } from './invalidation.ts'
import { type InvalidationsOptions, invalidations } from './invalidations.ts'

interface Context {
  readonly tenant: string
}

function setUp(options: InvalidationsOptions<Context> = { audience: (ctx) => ctx.tenant }) {
  const changes = invalidations<Context>(options)
  const root = hotline<Context>()
  const h = root.use(changes.middleware)
  const api = root.router({
    add: h.meta({ invalidates: ['tasks', 'count'] }).mutation(() => 'added'),
    fail: h.meta({ invalidates: ['tasks'] }).mutation(({ ctx }) => {
      ctx.invalidate('tasks.list')
      throw new Error('not added')
    }),
    say: h.mutation(async ({ ctx }) => {
      ctx.invalidate('tasks.list', { list: 1 })
      await setImmediate()
      ctx.invalidate('tasks.list', { list: 1 })
      ctx.invalidate('tasks.list', { list: 2 })
    }),
    many: h.mutation(({ ctx }) => {
      for (let n = 0; n < 1_000; n++) ctx.invalidate(`tasks.${n}`)
    }),
    read: h.meta({ invalidates: ['tasks'] }).query(() => 'read'),
    wrong: h.meta({ invalidates: 'tasks' }).mutation(() => 'never'),
    invalidated: h.subscription(changes.handler),
  })
  const callerOf = (tenant: string) => createCaller(api, { tenant })
  /** What a tenant's client has heard so far, in order. */
  const listen = async (tenant: string) => {
    const heard: Invalidation[] = []
    const stream = await callerOf(tenant).invalidated()
    void (async () => {
      for await (const invalidation of stream) heard.push(invalidation)
    })()
    return { heard, stop: () => stream[Symbol.asyncDispose]() }
  }
  return { changes, callerOf, listen }
}

/** Until all of this turn has been told. */
async function turn(): Promise<void> {
  await setImmediate()
  await setImmediate()
}

describe('a mutation', () => {
  it('that says so in its meta invalidates these paths when it has succeeded', async () => {
    const { callerOf, listen } = setUp()
    const { heard } = await listen('a')
    await callerOf('a').add()
    await turn()
    expect(heard).toEqual([{ paths: [{ path: 'tasks' }, { path: 'count' }] }])
  })

  it('that fails invalidates nothing, whatever it has said before', async () => {
    const { callerOf, listen } = setUp()
    const { heard } = await listen('a')
    await expect(callerOf('a').fail()).rejects.toThrow()
    await turn()
    expect(heard).toEqual([])
  })

  it('may say what it invalidates, with inputs, each once', async () => {
    const { callerOf, listen } = setUp()
    const { heard } = await listen('a')
    await callerOf('a').say()
    await turn()
    const paths = [
      { path: 'tasks.list', input: { list: 1 } },
      { path: 'tasks.list', input: { list: 2 } },
    ]
    expect(heard).toEqual([{ paths }])
  })

  it('whose meta has something else there is refused before it runs', async () => {
    const { callerOf } = setUp()
    await expect(callerOf('a').wrong()).rejects.toMatchObject({
      cause: new TypeError('"invalidates" in .meta() is of type string: give an array of paths.'),
    })
  })
})

describe('invalidations', () => {
  it('of one turn are told together, those of a query are none', async () => {
    const { callerOf, listen } = setUp()
    const { heard } = await listen('a')
    const caller = callerOf('a')
    await Promise.all([caller.add(), caller.add(), caller.read()])
    await turn()
    expect(heard).toEqual([{ paths: [{ path: 'tasks' }, { path: 'count' }] }])
  })

  it('reach their audience alone', async () => {
    const { callerOf, listen, changes } = setUp()
    const [a, b] = [await listen('a'), await listen('b')]
    await callerOf('a').add()
    await turn()
    expect([a.heard.length, b.heard.length]).toEqual([1, 0])
    changes.invalidate({ audience: 'b', paths: [{ path: 'files' }] })
    changes.invalidate({ all: true })
    await turn()
    expect(b.heard).toEqual([{ all: true }])
    expect(a.heard.slice(1)).toEqual([{ all: true }])
  })

  it('reach everyone where there are no audiences', async () => {
    const { callerOf, listen } = setUp({})
    const b = await listen('b')
    await callerOf('a').add()
    await turn()
    expect(b.heard).toHaveLength(1)
  })

  it('never reach everyone where an audience has no name', async () => {
    const { callerOf } = setUp({ audience: () => undefined as unknown as string })
    await expect(callerOf('a').add()).rejects.toMatchObject({
      cause: new TypeError('"audience" gave a value of type undefined: give a string that names who may hear of it.'),
    })
  })

  it('that are too many become one of everything', async () => {
    const { callerOf, listen } = setUp({ maxPaths: 10 })
    const { heard } = await listen('a')
    await callerOf('a').many()
    await turn()
    expect(heard).toEqual([{ all: true }])
    expect(() => invalidations({ maxPaths: 0 })).toThrow('"maxPaths" is 0')
  })

  it('wait as one for a reader who is slow', async () => {
    const { changes, callerOf } = setUp()
    const stream = await callerOf('a').invalidated()
    for (const path of ['one', 'two', 'one', 'three']) {
      changes.invalidate({ paths: [{ path }] })
      await turn()
    }
    const { value } = await stream[Symbol.asyncIterator]().next()
    expect(value).toEqual({ paths: [{ path: 'one' }, { path: 'two' }, { path: 'three' }] })
    await stream[Symbol.asyncDispose]()
  })

  it('are everything for a subscription that was opened anew', async () => {
    const { changes } = setUp()
    const { signal } = new AbortController()
    const given = changes.handler({ ctx: { tenant: 'a' }, signal, lastEventId: '0' })[Symbol.asyncIterator]()
    await given.next()
    expect(await given.next()).toMatchObject({ value: { value: { all: true } } })
    await given.return?.()
  })

  it('are forwarded once a turn, and not back when they were received', async () => {
    const forwarded: Invalidated[] = []
    const here = setUp({ audience: (ctx) => ctx.tenant, forward: (invalidated) => forwarded.push(invalidated) })
    const there = setUp({ audience: (ctx) => ctx.tenant, forward: () => expect.fail('it came from there') })
    const { heard } = await there.listen('a')
    await Promise.all([here.callerOf('a').add(), here.callerOf('b').add()])
    await turn()
    const paths = [{ path: 'tasks' }, { path: 'count' }]
    expect(forwarded).toEqual([
      { audience: 'a', paths },
      { audience: 'b', paths },
    ])
    for (const invalidated of forwarded) there.changes.receive(JSON.parse(JSON.stringify(invalidated)))
    await turn()
    expect(heard).toEqual([{ paths }])
  })

  it('are refused where they are none, with the remedy', () => {
    const { changes } = setUp()
    const receive = (given: unknown) => () => changes.receive(given as Invalidated)
    expect(receive(null)).toThrow('An invalidation is null: give an object')
    expect(receive({})).toThrow('An invalidation has neither "paths" nor "all: true": give one of them.')
    expect(receive({ paths: [{ path: 1 }] })).toThrow('"path" of an invalidation is 1')
    expect(receive({ paths: [null] })).toThrow('"path" of an invalidation is undefined')
    expect(receive({ all: true, audience: 5 })).toThrow('"audience" of an invalidation is of type number')
  })

  it('that cannot be forwarded end nothing, and reach everyone here: the console is told', async () => {
    const console = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {})
    const failures = [() => Promise.reject(new Error('away')), throwing(new Error('BigInt'))]
    const { changes, listen } = setUp({ audience: (ctx) => ctx.tenant, forward: () => failures.shift()?.() })
    const [a, b] = [await listen('a'), await listen('b')]
    for (const audience of ['a', 'b']) changes.invalidate({ audience, paths: [{ path: 'tasks' }] })
    await turn()
    expect([a.heard.length, b.heard.length]).toEqual([1, 1])
    expect(console.mock.calls.map(([, fields]) => fields.err.message).sort()).toEqual(['BigInt', 'away'])
    console.mockRestore()
  })

  it('with more than can be sent, or deeper, are those of the whole path, or everything', async () => {
    const { changes, listen } = setUp()
    const { heard } = await listen('a')
    let deep: unknown = 'end'
    for (let level = 0; level < 62; level++) deep = { deep }
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    for (const input of ['x'.repeat(10_000), deep, cycle, [[]]]) changes.invalidate({ paths: [{ path: 'a', input }] })
    await turn()
    expect(heard).toEqual([{ paths: [{ path: 'a' }] }])
    const many = setUp({ maxPaths: 1_000 })
    const all = await many.listen('a')
    for (let n = 0; n < 100; n++) many.changes.invalidate({ paths: [{ path: `${n}`, input: 'x'.repeat(4_000) }] })
    await turn()
    expect(all.heard).toEqual([{ all: true }])
  })

  it('are everything where another process says both', async () => {
    const { changes, listen } = setUp()
    const { heard } = await listen('a')
    changes.receive({ all: true, paths: 'all' } as unknown as Invalidated)
    await turn()
    expect(heard).toEqual([{ all: true }])
  })

  it('leave nothing behind of a subscription that has ended, read or not', async () => {
    const { changes, callerOf, listen } = setUp()
    const read = await listen('a')
    const unread = await callerOf('b').invalidated()
    expect(changes.size).toBe(2)
    await read.stop()
    await unread[Symbol.asyncDispose]()
    expect(changes.size).toBe(0)
  })
})

function throwing(error: Error): () => never {
  return () => {
    throw error
  }
}
