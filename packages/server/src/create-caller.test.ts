import {
  gap,
  HotlineError,
  hotline,
  isHotlineError,
  type Procedure,
  type Stream,
  safe,
  topic,
  tracked,
} from '@hotline/core'
import { describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { createCaller } from './create-caller.ts'

const h = hotline<{ user: string }>()
const router = h.router({
  greet: h.input(z.object({ name: z.string().trim() })).query(({ input, ctx }) => `${input.name}, says ${ctx.user}`),
  full: h.errors({ LIST_FULL: z.object({ max: z.number() }) }).mutation(({ errors }) => {
    throw errors.LIST_FULL({ max: 3 })
  }),
  broken: h.query((): string => {
    throw new Error('the database is down')
  }),
  wrong: h.output(z.object({ id: z.string() })).query(() => ({ id: 1 }) as unknown as { id: string }),
  wait: h.query(
    ({ signal }) => new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('late'))),
  ),
  count: h.output(z.number()).subscription(async function* ({ signal }) {
    for (let index = 0; index < 3 && !signal.aborted; index++) yield tracked(String(index), index)
    return 'done'
  }),
  part: h.lazy(async () => h.router({ deep: h.query(() => 'deep') })),
})
const caller = createCaller(router, { user: 'ann' })

describe('an in-process caller', () => {
  it('gives a handler its context and its input as the schema transformed it', async () => {
    expect(await caller.greet({ name: ' bob ' })).toBe('bob, says ann')
  })

  it('refuses an input that does not fit, with the issues', async () => {
    const reply = await safe(caller.greet({ name: 1 as unknown as string }))
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'BAD_INPUT', data: { issues: [{ path: ['name'] }] }, mayHaveRun: false },
    })
  })

  it('leaves what a stream listens to where a middleware refuses it behind its handler', async () => {
    const changes = topic<string>()
    const refused = hotline<object>().use(async ({ next }) => {
      await next()
      throw new HotlineError('FORBIDDEN')
    })
    const routes = hotline<object>().router({ list: refused.live({ on: () => changes, query: () => 'value' }) })
    const reply = await safe(createCaller(routes, {}).list.live())
    expect(reply).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } })
    expect(changes.size).toBe(0)
  })

  it('gives declared errors with their data', async () => {
    expect(await safe(caller.full())).toMatchObject({
      ok: false,
      error: { code: 'LIST_FULL', data: { max: 3 }, mayHaveRun: true },
    })
  })

  it('gives INTERNAL for anything else, with what was thrown as its cause', async () => {
    const reply = await safe(caller.broken())
    expect(reply).toMatchObject({ ok: false, error: { code: 'INTERNAL', cause: new Error('the database is down') } })
  })

  it('gives INTERNAL for an output that does not fit its schema', async () => {
    expect(await safe(caller.wrong())).toMatchObject({ ok: false, error: { code: 'INTERNAL' } })
  })

  it('says NOT_FOUND for a path that is not there', async () => {
    const { nothing } = caller as unknown as { nothing(): Promise<unknown> }
    expect(await safe(nothing())).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } })
  })

  it('loads a lazy part at its first call', async () => {
    expect(await caller.part.deep()).toBe('deep')
  })

  it('gives INTERNAL for a part that cannot be loaded, and for a stream that cannot be begun', async () => {
    const lost = new Error('no such module')
    const odd: AsyncIterable<number> = {
      [Symbol.asyncIterator]() {
        throw lost
      },
    }
    const signals: AbortSignal[] = []
    const numbers = h.subscription(({ signal }) => {
      signals.push(signal)
      return odd
    })
    const part = h.lazy(async () => (lost.stack === '' ? h.router({ deep: h.query(() => 1) }) : Promise.reject(lost)))
    const api = createCaller(h.router({ part, numbers }), { user: 'ann' })
    const replies = [await safe(api.part.deep()), await safe(api.numbers())]
    expect(replies).toMatchObject([
      { error: { code: 'INTERNAL', mayHaveRun: false, cause: lost } },
      { error: { code: 'INTERNAL', mayHaveRun: true, cause: lost } },
    ])
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  it('waits no longer than it may while a part is loaded, and does not begin when it is', async () => {
    let [runs, loaded] = [0, () => {}]
    const deep = h.mutation(() => ++runs)
    const part = h.lazy(
      () =>
        new Promise<{ deep: typeof deep }>((resolve) => {
          loaded = () => resolve({ deep })
        }),
    )
    const api = createCaller(h.router({ part }), { user: 'ann' })
    const leaving = new AbortController()
    const left = safe(api.part.deep(undefined, { signal: leaving.signal }))
    leaving.abort()
    expect(await left).toMatchObject({ error: { code: 'CANCELLED', mayHaveRun: false } })
    loaded()
    await new Promise((resolve) => setImmediate(resolve))
    expect(runs).toBe(0)
    expect(await api.part.deep()).toBe(1)
  })

  it('does not begin what was left before it had begun', async () => {
    let [runs, open] = [0, (_: unknown) => {}]
    const wait = new Promise((resolve) => {
      open = resolve
    })
    const guarded = h.use(async ({ next }) => {
      await wait
      return next()
    })
    const api = createCaller(h.router({ add: guarded.mutation(() => ++runs) }), { user: 'ann' })
    const leaving = new AbortController()
    const left = safe(api.add(undefined, { signal: leaving.signal }))
    await new Promise((resolve) => setImmediate(resolve))
    leaving.abort()
    expect(await left).toMatchObject({ error: { code: 'CANCELLED', mayHaveRun: false } })
    open(undefined)
    await new Promise((resolve) => setImmediate(resolve))
    expect(runs).toBe(0)
  })

  it('gives INTERNAL where the schema of an item fails instead of refusing it', async () => {
    const broken = z.number().transform((): number => {
      throw new RangeError('of the schema')
    })
    const sum = h.items(broken).mutation(async ({ items }) => {
      for await (const _ of items);
    })
    const api = createCaller(h.router({ sum }), { user: 'ann' })
    await expect(api.sum(undefined, { items: [1] })).rejects.toMatchObject({
      code: 'INTERNAL',
      cause: { message: 'of the schema' },
    })
  })

  it('gives the items of a stream without their ids, and its result', async () => {
    const stream = await caller.count()
    const items: number[] = []
    for await (const item of stream) items.push(item)
    expect(items).toEqual([0, 1, 2])
    expect(await stream.result).toBe('done')
  })

  it('stops the source of a stream that is left early', async () => {
    const stream = await caller.count()
    for await (const _ of stream) break
    await expect(stream.result).rejects.toSatisfy((error) => isHotlineError(error, 'CANCELLED'))
  })

  it('tells observers every item and the end', async () => {
    const stream = await caller.count()
    const told: unknown[] = []
    await new Promise<void>((resolve) => stream.on({ next: (item) => told.push(item), complete: resolve }))
    expect(told).toEqual([0, 1, 2])
  })

  it('reads a topic as a client does: no ids, no positions, and how many items are missing', async () => {
    const numbers = topic<number>()
    const follow = h.subscription(() => numbers.subscribe({ whenFull: 'drop-oldest', capacity: 2 }))
    const stream = await createCaller(h.router({ follow }), { user: 'ann' }).follow()
    const told: unknown[] = []
    for (let n = 1; n <= 5; n++) numbers.publish(n, { id: `e${n}` })
    await new Promise<void>((resolve) => {
      stream.on({
        gap: (missed) => told.push({ missed }),
        next: (item) => {
          told.push(item)
          if (item === 5) resolve()
        },
      })
    })
    expect(told).toEqual([{ missed: 3 }, 4, 5])
    await stream[Symbol.asyncDispose]()
    expect(numbers.size).toBe(0)
  })

  it('is told SLOW_CONSUMER where a source may leave out nothing', async () => {
    const numbers = topic<number>()
    const follow = h.subscription(() => numbers.subscribe({ whenFull: 'fail', capacity: 1 }))
    const stream = await createCaller(h.router({ follow }), { user: 'ann' }).follow()
    for (let n = 1; n <= 2; n++) numbers.publish(n)
    await expect(next(stream)).rejects.toSatisfy((error) => isHotlineError(error, 'SLOW_CONSUMER'))
  })

  it('rejects with CANCELLED at once when the signal aborts, and aborts the handler', async () => {
    const controller = new AbortController()
    const reply = safe(caller.wait(undefined, { signal: controller.signal }))
    controller.abort()
    expect(await reply).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
  })

  it('runs nothing when the signal has aborted before', async () => {
    expect(await safe(caller.greet({ name: 'x' }, { signal: AbortSignal.abort() }))).toMatchObject({
      ok: false,
      error: { code: 'CANCELLED', mayHaveRun: false },
    })
  })
})

describe('a stream in process, as over a line', () => {
  const source = topic<number>()
  const forever = new Promise<never>(() => {})
  const streams = createCaller(
    h.router({
      follow: h.subscription(() => source.subscribe({ whenFull: 'drop-oldest', capacity: 2 })),
      stuck: h.subscription(async function* () {
        yield 1
        await forever
      }),
      failing: h.subscription(async function* () {
        yield 1
        throw new HotlineError('CONFLICT')
      }),
    }),
    { user: 'ann' },
  )

  it('leaves its items to a loop where an observer takes none', async () => {
    const stream = await streams.follow()
    const told: unknown[] = []
    stream.on({ gap: (missed) => told.push(missed), error: ({ code }) => told.push(code) })
    for (let n = 1; n <= 5; n++) source.publish(n)
    expect([await next(stream), await next(stream)]).toEqual([4, 5])
    expect(told).toEqual([3])
    await stream[Symbol.asyncDispose]()
  })

  it('leaves to a loop what comes when its observers have left', async () => {
    const stream = await streams.follow()
    const told: unknown[] = []
    const leave = stream.on({ next: (item) => told.push(item) })
    source.publish(1)
    await new Promise(setImmediate)
    leave()
    for (const item of [2, 3]) source.publish(item)
    await new Promise(setImmediate)
    expect([await next(stream), await next(stream)]).toEqual([2, 3])
    expect(told).toEqual([1])
    await stream[Symbol.asyncDispose]()
  })

  it('gives its items in order to whoever asks for several at once', async () => {
    const steps = createCaller(
      h.router({
        steps: h.subscription(async function* () {
          yield gap(1)
          for (let step = 1; step <= 3; step++) yield step
          return 'done'
        }),
      }),
      { user: 'ann' },
    )
    const items = (await steps.steps())[Symbol.asyncIterator]()
    const all = await Promise.all([items.next(), items.next(), items.next(), items.next(), items.next()])
    expect(all.map(({ value }) => value)).toEqual([1, 2, 3, 'done', undefined])
  })

  it('is told once to each observer, also where one leaves and another comes while it is read', async () => {
    const stream = await caller.count()
    const told: unknown[] = []
    const leave = stream.on({ next: (item) => told.push(`first ${item}`) })
    await Promise.resolve()
    leave()
    stream.on({ next: (item) => told.push(item), complete: () => told.push('end') })
    await stream.result
    await new Promise(setImmediate)
    expect(told).toEqual([0, 1, 2, 'end'])
    stream.on({ complete: () => told.push('late') })
    expect(told).toEqual([0, 1, 2, 'end', 'late'])
  })

  it('tells an observer that comes behind an error of it', async () => {
    const stream = await streams.failing()
    expect(await next(stream)).toBe(1)
    await expect(next(stream)).rejects.toMatchObject({ code: 'CONFLICT' })
    const told: unknown[] = []
    stream.on({ complete: () => told.push('complete'), error: ({ code }) => told.push(code) })
    expect(told).toEqual(['CONFLICT'])
  })

  it('ends for its reader when the signal aborts, whatever the handler waits for', async () => {
    const controller = new AbortController()
    const stream = await streams.stuck(undefined, { signal: controller.signal })
    expect(await next(stream)).toBe(1)
    const second = next(stream)
    controller.abort()
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await stream[Symbol.asyncIterator]().next()).toEqual({ done: true, value: undefined })
  })

  it('does not look complete to a loop that was busy when the signal aborted', async () => {
    const controller = new AbortController()
    const stream = await streams.stuck(undefined, { signal: controller.signal })
    const read = async () => {
      for await (const _ of stream) controller.abort()
    }
    await expect(read()).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await next(stream)).toBe(undefined)
  })

  it('ends when the signal aborts at any moment of its beginning', async () => {
    for (let turns = 0; turns < 30; turns++) {
      const controller = new AbortController()
      const opening = streams.stuck(undefined, { signal: controller.signal })
      for (let turn = 0; turn < turns; turn++) await undefined
      controller.abort()
      const reply = await safe(opening)
      const code = reply.ok ? await reply.data.result.catch((error) => error.code) : reply.error.code
      expect([turns, code]).toEqual([turns, 'CANCELLED'])
    }
  })

  it('lets go of a signal when it is over', async () => {
    const { signal } = new AbortController()
    const added = vi.spyOn(signal, 'addEventListener')
    const removed = vi.spyOn(signal, 'removeEventListener')
    const stream = await caller.count(undefined, { signal })
    for await (const _ of stream);
    await stream.result
    await Promise.resolve()
    const listeners = added.mock.calls.map(([, listener]) => listener)
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(expect.arrayContaining(listeners))
  })

  it.each([0, -1, Number.NaN])('takes no timeoutMs %s', async (timeoutMs) => {
    await expect(caller.greet({ name: 'x' }, { timeoutMs })).rejects.toThrow(`"timeoutMs" is ${timeoutMs}: give`)
  })

  it('waits as long as it is told, longer than any timer too', async () => {
    expect(await caller.greet({ name: 'bob' }, { timeoutMs: 2_147_483_647 })).toBe('bob, says ann')
    const slow = createCaller(h.router({ slow: h.query(() => new Promise((done) => setImmediate(done, 'done'))) }), {
      user: 'ann',
    })
    expect(await slow.slow(undefined, { timeoutMs: Number.POSITIVE_INFINITY })).toBe('done')
  })
})

describe('a handler that asks its client, called in process', () => {
  const asking = hotline<object, { readonly confirm: Procedure<(text: string) => Promise<boolean>> }>()
  const server = asking.router({ drop: asking.mutation(({ client }) => client.confirm('sure?')) })

  it('asks the client that the caller was given', async () => {
    const asked: string[] = []
    const own = hotline<object>()
    const confirm = own.input(z.string()).mutation(({ input }) => asked.push(input) === 1)
    const client = createCaller(own.router({ confirm }), {})
    expect(await createCaller(server, {}, { client }).drop()).toBe(true)
    expect(asked).toEqual(['sure?'])
  })

  it('is told by name that there is none', async () => {
    const call = createCaller(server, {}).drop()
    await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('"confirm"') })
  })
})

async function next<Item>(stream: Stream<Item>): Promise<Item | undefined> {
  const step = await stream[Symbol.asyncIterator]().next()
  return step.done === true ? undefined : step.value
}
