import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import type { IdempotencyKey, IdempotencyState } from '../contract/idempotency-store.ts'
import { ProcedureTable } from '../contract/procedure-table.ts'
import type { Router } from '../contract/router.ts'
import type { CallFields } from '../protocol/message.ts'
import { textOf } from '../protocol/packed.ts'
import { Outbox } from '../session/outbox.ts'
import type { CallReport } from './answer-writer.ts'
import { Responder } from './responder.ts'
import { RunOnce } from './run-once.ts'

const h = hotline<object>()

/** Keeps everything, and counts how often it was asked. */
function endlessStore() {
  const states = new Map<string, IdempotencyState>()
  const store = {
    asked: 0,
    isDurable: true,
    begin(key: IdempotencyKey, inputHash: string): IdempotencyState {
      store.asked++
      const known = states.get(JSON.stringify(key))
      if (known === undefined) states.set(JSON.stringify(key), { name: 'running', inputHash })
      return known ?? { name: 'claimed' }
    },
    finish(key: IdempotencyKey, outcome: string): void {
      const known = states.get(JSON.stringify(key))
      if (known?.name === 'running') states.set(JSON.stringify(key), { ...known, name: 'done', outcome })
    },
    release: () => {},
  }
  return store
}

/** A server with two sessions of ann. */
function setUp(router: Router) {
  const store = endlessStore()
  const reports: CallReport[] = []
  const procedures = new ProcedureTable(router)
  let ids = 0
  const newId = () => `id-${++ids}`
  const runs = new RunOnce({ store, codec: superjsonCodec, hash: (text) => text, newId, now: () => 0 })
  const session = () => {
    const outbox = new Outbox()
    const outlet = { outbox, isAttached: true, isFull: false, now: () => 0, flushSoon: () => {}, wakeAt: () => {} }
    const responder = new Responder(outlet, 'odd', {
      codec: superjsonCodec,
      procedures,
      maxCalls: 8,
      maxStreams: 8,
      timeoutMs: 30_000,
      keyed: { scope: 'ann', runs },
      newId,
      report: (report) => reports.push(report),
    })
    responder.connection.context = {}
    const sent = (): string[] => {
      const texts: string[] = []
      for (let text = outbox.take(0, true); text !== undefined; text = outbox.take(0, true)) texts.push(textOf(text))
      return texts
    }
    return { responder, outlet, sent }
  }
  const set = { store, reports, runs, first: session(), second: session() }
  opened.push(set)
  return set
}

const opened: { runs: RunOnce; first: { responder: Responder }; second: { responder: Responder } }[] = []

afterEach(() => {
  for (const { runs, first, second } of opened.splice(0)) {
    expect([runs.size, first.responder.size, second.responder.size], 'left over').toEqual([0, 0, 0])
  }
})

/** A handler that ends when it is told to, and counts how often it began. */
function byHand(options: { readonly heeds?: boolean } = {}) {
  const hand = { runs: 0, end: (_: unknown) => {}, signals: [] as AbortSignal[] }
  const handler = ({ signal }: { signal: AbortSignal }): Promise<unknown> => {
    hand.runs++
    hand.signals.push(signal)
    return new Promise((resolve, reject) => {
      hand.end = resolve
      if (options.heeds === true) signal.addEventListener('abort', () => reject(signal.reason))
    })
  }
  return { hand, handler }
}

const keyed = (more: CallFields = {}): CallFields => ({ idempotencyKey: 'k', ...more })
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a call with an idempotency key', () => {
  it('D3: runs once, and a later one gets the same bytes, whatever its id and session', () => {
    let runs = 0
    const { first, second } = setUp({ add: h.mutation(() => ({ run: ++runs, at: new Date(0) })) })
    first.responder.open(1, 'add', undefined, keyed())
    first.responder.open(3, 'add', undefined, keyed())
    second.responder.open(17, 'add', undefined, keyed())
    const answers = [...first.sent(), ...second.sent()]
    const text = ',{"run":1,"at":"1970-01-01T00:00:00.000Z"},{"meta":{"values":{"at":["Date"]},"v":1}}]'
    expect(answers).toEqual([`["result",1${text}`, `["result",3${text}`, `["result",17${text}`])
    expect(runs).toBe(1)
  })

  it('D3: runs once for two at the same time, and both are answered', async () => {
    const { hand, handler } = byHand()
    const { first, second } = setUp({ add: h.mutation(handler) })
    first.responder.open(1, 'add', undefined, keyed())
    second.responder.open(1, 'add', undefined, keyed())
    await settled()
    expect([first.sent(), second.sent(), first.responder.size, second.responder.size]).toEqual([[], [], 1, 1])
    hand.end('done')
    await settled()
    expect([hand.runs, first.sent(), second.sent()]).toEqual([1, ['["result",1,"done"]'], ['["result",1,"done"]']])
  })

  it('D4: conflicts where its input is another, also while the first runs', async () => {
    const { hand, handler } = byHand()
    const { first, second } = setUp({ add: h.input(z.object({ a: z.number(), b: z.number() })).mutation(handler) })
    first.responder.open(1, 'add', { a: 1, b: 2 }, keyed())
    second.responder.open(1, 'add', { a: 1, b: 3 }, keyed())
    second.responder.open(3, 'add', { b: 2, a: 1 }, keyed())
    await settled()
    const conflict = { code: 'KEY_CONFLICT', mayHaveRun: false }
    expect(second.sent().map((text) => JSON.parse(text))).toMatchObject([['error', 1, conflict]])
    hand.end('done')
    await settled()
    second.responder.open(5, 'add', { a: 2, b: 2 }, keyed())
    const [same, another] = second.sent().map((text) => JSON.parse(text))
    expect([hand.runs, same, another]).toMatchObject([1, ['result', 3, 'done'], ['error', 5, conflict]])
    first.sent()
  })

  it('gets an error again as it was, with its data and its id in the log', () => {
    const full = h.errors({ FULL: z.object({ max: z.number() }) })
    const { first, second, reports } = setUp({
      declared: full.mutation(({ errors }) => {
        throw errors.FULL({ max: 3 })
      }),
      unexpected: h.mutation(() => {
        throw new Error('the database is away')
      }),
    })
    for (const { responder } of [first, second]) {
      responder.open(1, 'declared', undefined, keyed())
      responder.open(3, 'unexpected', undefined, keyed())
    }
    const answers = first.sent()
    expect(second.sent()).toEqual(answers)
    expect(answers[0]).toBe('["error",1,{"code":"FULL","message":"FULL","data":{"max":3}}]')
    expect(JSON.parse(answers[1] ?? '')).toMatchObject(['error', 3, { code: 'INTERNAL', data: { id: 'id-1' } }])
    expect(reports).toMatchObject([{ path: 'unexpected', id: 'id-1' }])
  })

  it('hands its key to the handler and to middleware', async () => {
    const seen: unknown[] = []
    const noted = h.use(({ idempotencyKey, next }) => {
      seen.push(idempotencyKey)
      return next()
    })
    const { first } = setUp({ add: noted.mutation(({ idempotencyKey }) => idempotencyKey) })
    first.responder.open(1, 'add', undefined, keyed())
    first.responder.open(3, 'add', undefined, undefined)
    await settled()
    expect([first.sent(), seen]).toEqual([
      ['["result",1,"k"]', '["result",3]'],
      ['k', undefined],
    ])
  })

  it('may be sent again after a lost session, where one without a key may not', () => {
    let runs = 0
    const { first } = setUp({ add: h.mutation(() => ++runs) })
    first.responder.open(1, 'add', undefined, keyed({ again: 1 }))
    first.responder.open(3, 'add', undefined, keyed({ again: 2 }))
    first.responder.open(5, 'add', undefined, { again: 1 })
    const [one, two, three] = first.sent().map((text) => JSON.parse(text))
    expect([one, two, three]).toMatchObject([
      ['result', 1, 1],
      ['result', 3, 1],
      ['error', 5, { code: 'OUTCOME_UNKNOWN' }],
    ])
  })

  it('is dropped by name where too much is held for its session, and is still there for another', () => {
    const { first, second } = setUp({ add: h.mutation(() => 'done') })
    first.outlet.isFull = true
    first.responder.open(1, 'add', undefined, keyed())
    second.responder.open(1, 'add', undefined, keyed())
    const dropped = { code: 'RESULT_DROPPED', message: expect.any(String) }
    expect(JSON.parse(first.sent()[0] ?? '')).toEqual(['error', 1, dropped])
    expect(second.sent()).toEqual(['["result",1,"done"]'])
  })

  it('is told its error though too much is held for its session: it is small', () => {
    const fail = () => {
      throw new HotlineError('CONFLICT', undefined, { message: 'No.' })
    }
    const { first } = setUp({ add: h.mutation(fail) })
    first.outlet.isFull = true
    for (const id of [1, 3]) first.responder.open(id, 'add', undefined, keyed())
    const conflict = { code: 'CONFLICT', message: 'No.' }
    expect(first.sent().map((text) => JSON.parse(text))).toEqual([
      ['error', 1, conflict],
      ['error', 3, conflict],
    ])
  })
})

describe('a run that several wait for', () => {
  it('goes on for those who still wait, when others cancel, run out of time or lose their session', async () => {
    const { hand, handler } = byHand({ heeds: true })
    const { first, second } = setUp({ add: h.mutation(handler) })
    first.responder.open(1, 'add', undefined, keyed())
    first.responder.open(3, 'add', undefined, keyed({ timeoutMs: 100 }))
    second.responder.open(1, 'add', undefined, keyed())
    second.responder.open(3, 'add', undefined, keyed())
    first.responder.cancel(1)
    first.responder.sweep(100)
    expect(first.sent().map((text) => JSON.parse(text))).toMatchObject([
      ['error', 1, { code: 'CANCELLED' }],
      ['error', 3, { code: 'TIMEOUT' }],
    ])
    expect(first.responder.size).toBe(0)
    second.responder.cancel(1)
    first.responder.open(5, 'add', undefined, keyed())
    first.responder.end('gone')
    expect([hand.signals[0]?.aborted, first.sent()]).toEqual([false, []])
    hand.end('done')
    await settled()
    expect([hand.runs, second.sent().at(-1)]).toEqual([1, '["result",3,"done"]'])
  })

  it('aborts when the last one leaves, whose slot is free when the handler has ended; the outcome is kept', async () => {
    const { hand, handler } = byHand()
    const { first, second } = setUp({ add: h.mutation(handler) })
    first.responder.open(1, 'add', undefined, keyed())
    second.responder.open(1, 'add', undefined, keyed())
    first.responder.cancel(1)
    second.responder.sweep(30_000)
    expect([first.responder.size, second.responder.size]).toEqual([0, 1])
    expect(hand.signals[0]?.reason).toMatchObject({ code: 'TIMEOUT' })
    hand.end('done after all')
    await settled()
    expect(second.responder.size).toBe(0)
    expect(JSON.parse(second.sent()[0] ?? '')).toMatchObject(['error', 1, { code: 'TIMEOUT' }])
    first.responder.open(3, 'add', undefined, keyed())
    expect([first.sent().at(-1), hand.runs]).toEqual(['["result",3,"done after all"]', 1])
  })

  it('compares the bytes of inputs too, and keeps those of an outcome as text', async () => {
    let runs = 0
    const reverse = h
      .input(z.instanceof(Uint8Array))
      .mutation(({ input }) => ({ runs: ++runs, bytes: input.toReversed() }))
    const { first: session } = setUp({ reverse })
    const { responder, sent } = session
    const fields = { idempotencyKey: 'k', meta: { values: [['bytes', 'Uint8Array']], v: 1 } }
    responder.open(1, 'reverse', 0, fields, [new Uint8Array([1, 2])])
    responder.open(3, 'reverse', 0, fields, [new Uint8Array([1, 2])])
    responder.open(5, 'reverse', 0, fields, [new Uint8Array([1, 3])])
    await settled()
    const [first, second, third] = sent().map((text) => JSON.parse(text))
    expect(first).toEqual([
      'result',
      1,
      { runs: 1, bytes: 'AgE=' },
      { meta: { values: { bytes: [['bytes', 'Uint8Array']] }, v: 1 } },
    ])
    expect(second?.slice(2)).toEqual(first?.slice(2))
    expect(third?.[2]).toMatchObject({ code: 'KEY_CONFLICT' })
  })
})

describe('a call without a key', () => {
  it('asks no store', async () => {
    const { first, store } = setUp({ add: h.mutation(() => 1), later: h.mutation(async () => 2) })
    first.responder.open(1, 'add', undefined, undefined)
    first.responder.open(3, 'later', undefined, { headers: {} })
    await settled()
    expect([first.sent(), store.asked]).toEqual([['["result",1,1]', '["result",3,2]'], 0])
  })
})

describe('the input of a key', () => {
  it('D4: is another one where a Date inside of it is', async () => {
    const { first } = setUp(h.router({ move: h.input(z.object({ at: z.date() })).mutation(({ input }) => input.at) }))
    const call = (id: number, day: string) =>
      first.responder.open(
        id,
        'move',
        { at: `2026-01-${day}T00:00:00.000Z` },
        {
          idempotencyKey: 'k',
          meta: { values: { at: ['Date'] }, v: 1 },
        },
      )
    call(1, '01')
    call(3, '01')
    call(5, '02')
    const [once, again, other] = first.sent().map((text) => JSON.parse(text))
    expect([once?.[0], again?.[0]]).toEqual(['result', 'result'])
    expect(other?.[2]).toMatchObject({ code: 'KEY_CONFLICT' })
  })
})
