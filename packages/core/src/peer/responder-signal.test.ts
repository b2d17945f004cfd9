import { describe, expect, it, vi } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import type { Router } from '../contract/router.ts'
import { textOf } from '../protocol/packed.ts'
import { Outbox } from '../session/outbox.ts'
import { topic } from '../source/topic.ts'
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

/** What settled promises lead to has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe("a handler's signal", () => {
  /** A handler that waits for its signal, and rejects with what `stop` makes of the reason. */
  function waiting(stop: (reason: unknown) => unknown) {
    const reasons: unknown[] = []
    const handler = ({ signal }: { signal: AbortSignal }) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason)
          reject(stop(signal.reason))
        })
      })
    return { reasons, ...setUp({ wait: h.query(handler) }) }
  }

  it('aborts when the caller cancels, once, and unknown ids are ended calls', async () => {
    const { responder, reasons, sent } = waiting((reason) => reason)
    responder.open(1, 'wait', undefined, undefined)
    for (const id of [1, 1, 3]) responder.cancel(id)
    await settled()
    expect(reasons).toMatchObject([{ code: 'CANCELLED' }])
    expect([sent().length, responder.size]).toEqual([1, 0])
  })

  it('C10: aborts when the time that the caller has left is over', () => {
    const { responder, world, reasons } = waiting((reason) => reason)
    world.now = 1_000
    responder.open(1, 'wait', undefined, { timeoutMs: 500 })
    responder.open(3, 'wait', undefined, undefined)
    expect(world.wakes).toEqual([1_500, 31_000])
    expect([responder.sweep(1_499), responder.sweep(1_500)]).toEqual([1_500, 31_000])
    expect(reasons).toMatchObject([{ code: 'TIMEOUT' }])
  })

  it('D6: aborts when the session ends, and nothing is answered or reported any more', async () => {
    const { responder, reasons, reports, sent } = waiting(() => new Error('stopped'))
    responder.open(1, 'wait', undefined, undefined)
    responder.end('gone')
    responder.end('again')
    await settled()
    expect(reasons).toMatchObject([{ code: 'SESSION_LOST', message: 'gone' }])
    expect([sent(), reports, responder.size]).toEqual([[], [], 0])
  })

  it.each([
    ['the reason itself, as fetch does', (reason: unknown) => reason],
    [
      'an AbortError, as timers do',
      (reason: unknown) => new DOMException('Aborted', { name: 'AbortError', cause: reason }),
    ],
    ['an AbortError without a cause', () => new DOMException('Aborted', 'AbortError')],
    [
      'what calls reject with that were given its signal',
      (reason: unknown) => new HotlineError('CANCELLED', undefined, { cause: reason }),
    ],
  ])('lets a handler stop with %s: that is no failure to report', async (_, stop) => {
    const { responder, reports, sent } = waiting(stop)
    responder.open(1, 'wait', undefined, undefined)
    responder.cancel(1)
    await settled()
    expect(reports).toEqual([])
    expect(sent()).toMatchObject([['error', 1, { code: 'CANCELLED' }]])
  })

  it.each([
    ['an error of its own', new HotlineError<string, unknown>('LIST_FULL', 1)],
    ['what can not be looked at', new Proxy(new Error(), { getPrototypeOf: () => expect.fail('a trap') })],
    ['a call that was cancelled for another reason', new HotlineError('CANCELLED', undefined, { cause: 'another' })],
  ])('does not hide %s', async (_, thrown) => {
    const { responder, reports } = waiting(() => thrown)
    responder.open(1, 'wait', undefined, undefined)
    responder.cancel(1)
    await settled()
    expect(reports).toHaveLength(1)
  })

  it('is not made for the end of a stream that never looked at it', async () => {
    const numbers = topic<number>()
    const { responder, sent } = setUp(
      h.router({ follow: h.subscription(() => numbers.subscribe({ whenFull: 'fail' })) }),
    )
    let made = 0
    class Counted extends AbortController {
      constructor() {
        super()
        made++
      }
    }
    vi.stubGlobal('AbortController', Counted)
    responder.open(1, 'follow', undefined)
    responder.open(3, 'follow', undefined)
    responder.cancel(1)
    await settled()
    responder.end('It is over.')
    await settled()
    expect(sent()).toMatchObject([
      ['stream', 1],
      ['stream', 3],
      ['error', 1, { code: 'CANCELLED' }],
    ])
    vi.unstubAllGlobals()
    expect([numbers.size, made]).toEqual([0, 0])
  })

  it('stays as it is where a call or a stream fails by itself', async () => {
    const signals: AbortSignal[] = []
    const fail = ({ signal }: { signal: AbortSignal }): never => {
      signals.push(signal)
      throw new HotlineError('CONFLICT')
    }
    const { responder, sent } = setUp({
      one: h.query(async (call) => fail(call)),
      stream: h.subscription(async function* (call) {
        yield 1
        fail(call)
      }),
    })
    responder.open(1, 'one', undefined, undefined)
    responder.open(3, 'stream', undefined, undefined)
    await settled()
    expect(sent().filter((message) => JSON.stringify(message).includes('CONFLICT'))).toHaveLength(2)
    // Its session ends long after it.
    responder.end('over')
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false])
  })

  it('aborts where a middleware refuses a stream that its handler has made: nobody will read it, or leave it', async () => {
    const changes = topic<string>()
    const refused = h.use(async ({ next }) => {
      await next()
      throw new HotlineError('FORBIDDEN')
    })
    const reasons: Promise<unknown>[] = []
    const { responder, sent } = setUp({
      list: refused.live({ on: () => changes, query: () => 'value' }),
      own: refused.subscription(async ({ signal }) => {
        reasons.push(new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason))))
        return changes.subscribe({ whenFull: 'latest' })
      }),
    })
    responder.open(1, 'list.live', undefined, undefined)
    responder.open(3, 'own', undefined, undefined)
    await settled()
    expect(sent()).toMatchObject([3, 1].map((id) => ['error', id, { code: 'FORBIDDEN' }]))
    expect(changes.size).toBe(0)
    expect(await Promise.all(reasons)).toMatchObject([{ code: 'CANCELLED' }])
  })
})
