import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import type { Router } from '../contract/router.ts'
import { textOf } from '../protocol/packed.ts'
import { Outbox } from '../session/outbox.ts'
import type { CallReport } from './answer-writer.ts'
import { Responder } from './responder.ts'

const h = hotline<{ user: string }>()

/** A responder on an outbox that is emptied by hand. */
function setUp(router: Router, parity: 'odd' | 'even' = 'odd') {
  const outbox = new Outbox()
  const world = { now: 0, isAttached: true, isFull: false, wakes: [] as number[] }
  const reports: CallReport[] = []
  const outlet = {
    outbox,
    isAttached: true,
    get isFull() {
      return world.isFull
    },
    now: () => world.now,
    flushSoon: () => {},
    wakeAt: (at: number) => world.wakes.push(at),
  }
  const responder = new Responder(outlet, parity, {
    codec: superjsonCodec,
    procedures: new ProcedureTable(router),
    maxCalls: 2,
    maxStreams: 8,
    timeoutMs: 30_000,
    newId: () => 'id-1',
    report: (report) => reports.push(report),
  })
  responder.connection.context = { user: 'ann' }
  const sent = () => {
    const messages: unknown[] = []
    for (let text = outbox.take(0, true); text !== undefined; text = outbox.take(0, true))
      messages.push(JSON.parse(textOf(text)))
    return messages
  }
  return { responder, world, reports, sent }
}

/** A handler that ends when it is told to. */
function byHand<Value>() {
  let [resolve, reject] = [(_: Value) => {}, (_: unknown) => {}]
  const promise = new Promise<Value>((...settle) => {
    ;[resolve, reject] = settle
  })
  return { promise, resolve, reject }
}

/** What settled promises lead to has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a responder', () => {
  it('answers a handler that returns at once before `open` has returned', () => {
    const { responder, sent } = setUp({
      add: h.input(z.number()).query(({ input, ctx }) => `${ctx.user} ${input + 1}`),
    })
    responder.open(1, 'add', 1, undefined)
    expect([sent(), responder.size]).toEqual([[['result', 1, 'ann 2']], 0])
  })

  it('answers in the order in which handlers end', async () => {
    const slow = byHand<string>()
    const { responder, sent } = setUp({ slow: h.query(() => slow.promise), fast: h.query(async () => 'fast') })
    responder.open(1, 'slow', undefined, undefined)
    responder.open(3, 'fast', undefined, undefined)
    await settled()
    expect([sent(), responder.size]).toEqual([[['result', 3, 'fast']], 1])
    slow.resolve('slow')
    await settled()
    expect([sent(), responder.size]).toEqual([[['result', 1, 'slow']], 0])
  })

  it('hands the handler what the call carries', () => {
    const { responder, sent } = setUp({
      echo: h.query(({ headers, lastEventId, path }) => ({ headers, lastEventId, path })),
    })
    responder.open(1, 'echo', undefined, { headers: { a: 'b' }, lastEventId: 'e7' })
    expect(sent()).toEqual([['result', 1, { headers: { a: 'b' }, lastEventId: 'e7', path: 'echo' }]])
  })

  it('hands the handler no items where none come, whatever else the call carries', async () => {
    const count = h.items(z.string()).mutation(async ({ items }) => {
      let came = 0
      for await (const _ of items) came++
      return came
    })
    const { responder, sent } = setUp({ count })
    responder.open(1, 'count', undefined, { headers: { a: 'b' } })
    await settled()
    expect(sent()).toEqual([['result', 1, 0]])
  })

  it('leaves nothing of a call with items whose handler answers or throws at once', async () => {
    const count = h.items(z.string())
    const { responder, sent } = setUp({
      one: count.mutation(() => 1),
      none: count.mutation(() => {
        throw new HotlineError('CONFLICT')
      }),
    })
    responder.open(1, 'one', undefined, { items: true })
    responder.open(3, 'none', undefined, { items: true })
    await settled()
    expect(sent().filter((message) => JSON.stringify(message).startsWith('["credit"') === false)).toMatchObject([
      ['result', 1, 1],
      ['error', 3, { code: 'CONFLICT' }],
    ])
    expect(responder.size).toBe(0)
  })

  it('refuses unknown paths, bad inputs and undecodable ones, as not run', async () => {
    const { responder, sent, reports } = setUp({ add: h.input(z.number()).query(() => 1) })
    responder.open(1, '__proto__.add', 1, undefined)
    responder.open(3, 'add', 'x', undefined)
    responder.open(5, 'add', 'x', { meta: { values: ['no such type'] } })
    const fields = (code: string) => expect.objectContaining({ code, mayHaveRun: false })
    expect(sent()).toEqual([
      ['error', 1, fields('NOT_FOUND')],
      ['error', 3, fields('BAD_INPUT')],
      ['error', 5, fields('BAD_INPUT')],
    ])
    expect(reports).toEqual([])
  })

  it('D12, X19: answers what a handler throws as INTERNAL, and reports it with the same id', async () => {
    const thrown = new RangeError('SELECT * FROM users')
    const { responder, sent, reports } = setUp({
      now: h.query(() => {
        throw thrown
      }),
      later: h.query(async () => Promise.reject(null)),
    })
    responder.open(1, 'now', undefined, undefined)
    responder.open(3, 'later', undefined, undefined)
    await settled()
    const error = { code: 'INTERNAL', message: expect.stringContaining('id-1'), data: { id: 'id-1' } }
    expect(sent()).toEqual([
      ['error', 1, error],
      ['error', 3, error],
    ])
    expect(reports).toEqual([
      { path: 'now', id: 'id-1', reason: thrown },
      { path: 'later', id: 'id-1', reason: null },
    ])
  })

  it('A20, D15: answers a result that cannot be sent as INTERNAL, and goes on', async () => {
    const { responder, sent, reports } = setUp({
      now: h.query(() => ({ f: () => 1 })),
      later: h.query(async () => Symbol('x')),
      odd: h.output(z.number()).query(() => 'x' as never),
      fine: h.query(() => 1),
    })
    for (const [index, path] of ['now', 'later', 'odd', 'fine'].entries())
      responder.open(2 * index + 1, path, 1, undefined)
    await settled()
    expect(sent().sort()).toMatchObject([
      ['error', 1, { code: 'INTERNAL' }],
      ['error', 3, {}],
      ['error', 5, {}],
      ['result', 7, 1],
    ])
    expect([reports.length, responder.size]).toEqual([3, 0])
  })

  it('D2: does not run a mutation that was sent before for its key, where nothing remembers keys', () => {
    let runs = 0
    const { responder, sent } = setUp({ add: h.mutation(() => ++runs) })
    responder.open(1, 'add', undefined, { again: 1, idempotencyKey: 'k' })
    expect(sent()).toMatchObject([['error', 1, { code: 'OUTCOME_UNKNOWN' }]])
    expect(runs).toBe(0)
  })

  it('breaks the protocol with an item, or the end of items, for a call that takes none', () => {
    const { responder } = setUp({ slow: h.query(() => byHand().promise) })
    responder.open(1, 'slow', undefined, undefined)
    const message = (word: string) => `Message "${word}" is for call 1: expected one that takes items.`
    expect(() => responder.calls.onItem(1, 1, 'x', undefined)).toThrow(message('item'))
    expect(() => responder.calls.onEnd(1)).toThrow(message('end'))
  })

  it('D2: runs a call that was sent before only where that does no harm', () => {
    const runs: string[] = []
    const run = (call: { path: string }) => runs.push(call.path)
    const { responder, sent } = setUp({
      query: h.query(run),
      twice: h.idempotent().mutation(run),
      once: h.mutation(run),
    })
    for (const [index, path] of ['query', 'twice', 'once'].entries())
      responder.open(2 * index + 1, path, 1, { again: 1 })
    expect(runs).toEqual(['query', 'twice'])
    expect(sent()[2]).toEqual(['error', 5, { code: 'OUTCOME_UNKNOWN', message: expect.any(String) }])
  })

  it('refuses calls beyond its limit, and cancelled ones count until their handler has ended', async () => {
    const slow = byHand<void>()
    const { responder, sent } = setUp({ slow: h.query(() => slow.promise) })
    for (const id of [1, 3, 5]) responder.open(id, 'slow', undefined, undefined)
    expect(sent()).toEqual([['error', 5, expect.objectContaining({ code: 'TOO_MANY_CALLS', mayHaveRun: false })]])
    responder.cancel(1)
    responder.open(7, 'slow', undefined, undefined)
    expect(sent()).toEqual([['error', 7, expect.objectContaining({ code: 'TOO_MANY_CALLS' })]])
    slow.resolve()
    await settled()
    expect([sent(), responder.size]).toEqual([
      [
        ['result', 1],
        ['result', 3],
      ],
      0,
    ])
  })

  it('A25: answers by name where the result has no room, and says that it ran', () => {
    const { responder, world, sent } = setUp({ one: h.query(() => 1) })
    world.isFull = true
    responder.open(1, 'one', undefined, undefined)
    expect(sent()).toEqual([['error', 1, { code: 'RESULT_DROPPED', message: expect.any(String) }]])
  })

  it('loads a part at its first call, and answers INTERNAL where that fails', async () => {
    const { responder, sent, reports } = setUp({
      admin: h.lazy(async () => ({ one: h.query(() => 1) })),
      broken: h.lazy(async () => Promise.reject(new Error('no disk'))),
    })
    responder.open(1, 'admin.one', undefined, undefined)
    responder.open(3, 'broken.one', undefined, undefined)
    await settled()
    expect(sent()).toEqual([
      ['result', 1, 1],
      ['error', 3, expect.objectContaining({ code: 'INTERNAL', mayHaveRun: false })],
    ])
    expect(reports).toMatchObject([{ path: 'broken.one', reason: { message: 'no disk' } }])
  })

  it('takes nothing for a call whose part is loading: it has not been let begin', () => {
    const { responder } = setUp({ admin: h.lazy(() => byHand<Router>().promise) })
    responder.open(1, 'admin.one', undefined, { items: true })
    expect(() => responder.calls.onEnd(1)).toThrow('Message "end" is for call 1: expected one that has begun.')
  })

  it('begins nothing that comes behind the call which ends the session', () => {
    let runs = 0
    const { responder, sent } = setUp({
      leave: h.mutation(() => responder.end('It leaves.')),
      run: h.mutation(() => ++runs),
      watch: h.subscription(async function* () {
        yield ++runs
      }),
    })
    responder.open(1, 'leave', undefined, undefined)
    responder.open(3, 'run', undefined, undefined)
    responder.open(5, 'watch', undefined, undefined)
    expect([runs, responder.size, sent()]).toEqual([0, 0, []])
    expect(() => responder.open(5, 'run', undefined, undefined)).toThrow('5')
  })

  it('aborts also the call that ends the session before its handler has given anything', async () => {
    const signals: AbortSignal[] = []
    const { responder } = setUp({
      leave: h.mutation(async ({ signal }) => {
        signals.push(signal)
        responder.end('It leaves.')
        await new Promise(() => {})
      }),
    })
    const other = setUp({
      watch: h.subscription(({ signal }) => {
        signals.push(signal)
        other.responder.end('It leaves.')
        return (async function* () {
          for (;;) yield 1
        })()
      }),
    })
    responder.open(1, 'leave', undefined, undefined)
    other.responder.open(1, 'watch', undefined, undefined)
    await settled()
    expect(signals.map(({ aborted, reason }) => [aborted, reason?.code])).toEqual([
      [true, 'SESSION_LOST'],
      [true, 'SESSION_LOST'],
    ])
    expect([other.responder.size, other.sent()]).toEqual([0, []])
  })

  it('does not begin a handler whose middleware ends the session and goes on at once', async () => {
    let runs = 0
    const { responder, sent } = setUp({
      leave: h
        .use(({ next }) => {
          responder.end('It leaves.')
          return next()
        })
        .mutation(() => ++runs),
    })
    responder.open(1, 'leave', undefined, undefined)
    await settled()
    expect([runs, responder.size, sent()]).toEqual([0, 0, []])
  })

  it('does not begin a handler whose call is over when middleware and schema have passed', async () => {
    const passes = [byHand<void>(), byHand<void>()]
    let runs = 0
    const run = () => ++runs
    const input = z.string().refine(() => passes[1]?.promise.then(() => true))
    const { responder, reports, sent, world } = setUp({
      guarded: h
        .use(async ({ next }) => {
          await passes[0]?.promise
          return next()
        })
        .mutation(run),
      checked: h.input(input).mutation(run),
    })
    responder.open(1, 'guarded', undefined, undefined)
    responder.open(3, 'checked', 'x', { timeoutMs: 10 })
    responder.cancel(1)
    world.now = 10
    responder.sweep(10)
    for (const { resolve } of passes) resolve()
    await settled()
    expect(sent()).toMatchObject([
      ['error', 1, { code: 'CANCELLED', mayHaveRun: false }],
      ['error', 3, { code: 'TIMEOUT', mayHaveRun: false }],
    ])
    expect([runs, responder.size, reports]).toEqual([0, 0, []])
  })

  it('answers a call once that was cancelled while its part was loading, also where that fails then', async () => {
    const part = byHand<Router>()
    const { responder, sent, reports } = setUp({ admin: h.lazy(() => part.promise) })
    responder.open(1, 'admin.one', undefined, undefined)
    responder.cancel(1)
    part.reject(new Error('no disk'))
    await settled()
    expect(sent()).toMatchObject([['error', 1, { code: 'CANCELLED' }]])
    expect(reports).toEqual([])
  })

  it('does not begin a call that was cancelled while its part was loading', async () => {
    const loading = byHand<Router>()
    let runs = 0
    const { responder, sent } = setUp({ admin: h.lazy(() => loading.promise) })
    responder.open(1, 'admin.one', undefined, undefined)
    responder.cancel(1)
    expect(sent()).toEqual([['error', 1, expect.objectContaining({ code: 'CANCELLED', mayHaveRun: false })]])
    loading.resolve({ one: h.query(() => ++runs) })
    await settled()
    expect([runs, sent()]).toEqual([0, []])
  })
})
