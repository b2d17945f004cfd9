import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { hotline } from '../contract/hotline.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { textOfInput } from '../contract/idempotency-input.ts'
import type { IdempotencyState, IdempotencyStore } from '../contract/idempotency-store.ts'
import { Invocation, NOTHING_CARRIED } from '../contract/invocation.ts'
import type { AnyProcedure } from '../contract/procedure.ts'
import { Endpoint } from '../contract/procedure-table.ts'
import { RunOnce } from './run-once.ts'

const h = hotline<object>()

/** The hash of a missing input, where a text is its own hash. */
const INPUT = '[undefined,undefined]'

/** Knows one key. It answers behind `wait`, where that is set, and throws what `fail` says. */
class OneKeyStore implements IdempotencyStore {
  isDurable = true
  state: IdempotencyState | undefined
  readonly told: string[] = []
  wait: Promise<unknown> | undefined
  fail: Partial<Record<string, Error>> = {}

  begin(_key: unknown, inputHash: string) {
    return this.#do('begin', () => {
      const known = this.state
      this.state ??= { name: 'running', inputHash }
      return known ?? ({ name: 'claimed' } as const)
    })
  }

  finish(_key: unknown, outcome: string) {
    return this.#do('finish', () => {
      this.state = { name: 'done', inputHash: INPUT, outcome }
    })
  }

  release() {
    return this.#do('release', () => {
      this.state = undefined
    })
  }

  #do<Value>(what: string, go: () => Value): Value | Promise<Value> {
    this.told.push(what)
    const run = () => {
      const error = this.fail[what]
      if (error !== undefined) throw error
      return go()
    }
    return this.wait === undefined ? run() : this.wait.then(run)
  }
}

/** Calls with one key of one procedure. */
function setUp(procedure: AnyProcedure) {
  const store = new OneKeyStore()
  const reasons: unknown[] = []
  const runs = new RunOnce({ store, codec: superjsonCodec, hash: (text) => text, newId: () => 'id', now: () => 0 })
  const endpoint = new Endpoint('todos.add', procedure.definition)
  const call = (input?: unknown, key = 'k', scope = 'ann', isAgain = false) => {
    const leaving = new AbortController()
    const answers: unknown[] = []
    runs.join({
      key: { scope, path: endpoint.path, key },
      invocation: new Invocation(endpoint, input, { context: {} }, NOTHING_CARRIED),
      isAgain,
      inputText: textOfInput([input, undefined]),
      signal: leaving.signal,
      report: ({ reason }) => reasons.push(reason),
      answer: (text) => answers.push(JSON.parse(text)),
    })
    return { answers, leave: () => leaving.abort(new HotlineError('CANCELLED', undefined)) }
  }
  return { store, reasons, runs, call }
}

/** A mutation that counts its runs, and says which signals they got. */
function counting() {
  const seen = { runs: 0, signals: [] as AbortSignal[] }
  const procedure = h.mutation(({ signal }) => {
    seen.signals.push(signal)
    return ++seen.runs
  })
  return { seen, procedure }
}

function gate() {
  let open: (_: unknown) => void = () => {}
  const wait = new Promise((resolve) => {
    open = resolve
  })
  return { wait, open }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a key', () => {
  it('is free again where the handler never began: for a bad input, or a refusal of a middleware', async () => {
    let isAllowed = false
    const guarded = h.use(({ next }) => {
      if (!isAllowed) throw new HotlineError('FORBIDDEN')
      return next()
    })
    const { call, store, runs } = setUp(guarded.input(z.number()).mutation(({ input }) => input))
    const forbidden = call(1)
    await settled()
    isAllowed = true
    const bad = call('one')
    await settled()
    const good = call(1)
    await settled()
    expect([forbidden.answers, bad.answers, good.answers]).toMatchObject([
      [['error', 0, { code: 'FORBIDDEN', mayHaveRun: false }]],
      [['error', 0, { code: 'BAD_INPUT', mayHaveRun: false }]],
      [['result', 0, 1]],
    ])
    expect(store.told).toEqual(['begin', 'release', 'begin', 'release', 'begin', 'finish'])
    expect(runs.size).toBe(0)
  })

  it('runs once, also where its first call failed in a middleware while another one had not come to its handler', async () => {
    let runs = 0
    const { wait, open } = gate()
    const impatient = h
      .use(({ next }) => Promise.race([next(), settled().then(() => Promise.reject(new HotlineError('FORBIDDEN')))]))
      .use(async ({ next }) => {
        if (runs === 0) await wait
        return next()
      })
    const { call } = setUp(impatient.mutation(() => ++runs))
    const failed = call()
    await settled()
    await settled()
    expect(failed.answers).toMatchObject([['error', 0, { code: 'FORBIDDEN', mayHaveRun: false }]])
    const again = call()
    open(undefined)
    await settled()
    await settled()
    expect([again.answers, runs]).toEqual([[['result', 0, 1]], 1])
  })

  it('keeps an error without its data where that cannot be sent', () => {
    const odd = h.errors({ ODD: z.any() }).mutation(({ errors }) => {
      throw errors.ODD(() => 'a function')
    })
    const { call, store } = setUp(odd)
    expect(call().answers).toEqual([['error', 0, { code: 'ODD', message: expect.any(String) }]])
    expect(store.told).toEqual(['begin', 'finish'])
  })

  it('is used up by a run whose result cannot be sent: that has happened', () => {
    const { call, store } = setUp(h.mutation(() => () => 'a function'))
    expect(call().answers).toMatchObject([['error', 0, { code: 'INTERNAL' }]])
    expect(store.told).toEqual(['begin', 'finish'])
  })

  it('X32: is another one for another caller, also while it runs', async () => {
    const { call, store } = setUp(counting().procedure)
    store.wait = settled()
    call(undefined, 'k', 'ann')
    call(undefined, 'k', 'bob')
    expect(store.told).toEqual(['begin', 'begin'])
    await settled()
  })

  it('is refused for a subscription or items, where it is empty, and with an input nested too deeply', () => {
    const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
    const add = setUp(counting().procedure)
    const watch = setUp(h.subscription(async function* () {}))
    const upload = setUp(h.items(z.string()).mutation(() => 1))
    const refusals = [watch.call(), add.call(undefined, ''), add.call(deep), upload.call()].map(
      ({ answers }) => answers,
    )
    expect(refusals).toMatchObject(Array(4).fill([['error', 0, { code: 'BAD_INPUT', mayHaveRun: false }]]))
    expect(refusals[0]).toMatchObject([['error', 0, { message: expect.stringContaining('is a subscription') }]])
    expect([add.store.told, watch.store.told, upload.store.told]).toEqual([[], [], []])
  })
})

describe('a store that answers with something else than a state', () => {
  const wrong: readonly unknown[] = [
    ...[undefined, null, 'done', {}, { name: 'finished' }, { name: 'running' }, { name: 'inDoubt', inputHash: 1 }],
    ...[Buffer.from('x'), { a: 1 }, 'ok', '[1]', ['["result",0,1]']].map((outcome) => {
      return { name: 'done', inputHash: INPUT, outcome }
    }),
    ...[undefined, 1].map((inputHash) => ({ name: 'done', inputHash, outcome: '["result",0,1]' })),
    ...[undefined, Number.NaN, -1, '5'].map((retryAfterMs) => ({ name: 'full', retryAfterMs })),
  ]

  it('has its call fail, without a run, whether it answers at once or later', async () => {
    for (const isLater of [false, true]) {
      for (const state of wrong) {
        const { seen, procedure } = counting()
        const { call, store, runs, reasons } = setUp(procedure)
        store.begin = () => (isLater ? Promise.resolve(state) : state) as IdempotencyState
        const { answers } = call()
        await settled()
        expect(answers, JSON.stringify(state)).toMatchObject([['error', 0, { code: 'INTERNAL' }]])
        expect(reasons).toMatchObject([{ message: expect.stringMatching(/^In what the idempotency store answered/) }])
        expect([seen.runs, runs.size]).toEqual([0, 0])
      }
    }
  })

  it('may give another kind of promise', async () => {
    const { procedure } = counting()
    const { call, store } = setUp(procedure)
    // biome-ignore lint/suspicious/noThenProperty: as query builders have it, whose `then` gives nothing
    const later = { then: (resolve: (state: unknown) => void) => setImmediate(() => resolve(undefined)) }
    store.begin = () => later as unknown as Promise<IdempotencyState>
    const { answers } = call()
    await settled()
    await settled()
    expect(answers).toMatchObject([['error', 0, { code: 'INTERNAL' }]])
  })
})

describe('a store that answers later', () => {
  it('is asked once for all that come meanwhile, and knows the end before anybody is answered', async () => {
    const { seen, procedure } = counting()
    const { call, store, runs } = setUp(procedure)
    const [begin, finish] = [gate(), gate()]
    store.wait = begin.wait
    const calls = [call(), call()]
    await settled()
    expect([seen.runs, store.told]).toEqual([0, ['begin']])
    store.wait = finish.wait
    begin.open(undefined)
    await settled()
    calls.push(call())
    expect([seen.runs, store.told]).toEqual([1, ['begin', 'finish']])
    expect(calls.flatMap(({ answers }) => answers)).toEqual([])
    finish.open(undefined)
    await settled()
    expect(calls.map(({ answers }) => answers)).toEqual(Array(3).fill([['result', 0, 1]]))
    expect([seen.runs, runs.size]).toEqual([1, 0])
  })

  it('has nothing run where everybody has left meanwhile, and the key is free again', async () => {
    const { seen, procedure } = counting()
    const { call, store } = setUp(procedure)
    store.wait = settled()
    const one = call()
    one.leave()
    await settled()
    await settled()
    expect([seen.runs, store.told, store.state]).toEqual([0, ['begin', 'release'], undefined])
    expect(one.answers).toMatchObject([['error', 0, { code: 'CANCELLED', mayHaveRun: false }]])
  })

  it('has it run for somebody who came after everybody had left', async () => {
    const { seen, procedure } = counting()
    const { call, store } = setUp(procedure)
    store.wait = settled()
    call().leave()
    const second = call()
    await settled()
    await settled()
    expect([second.answers, seen.signals.map(({ aborted }) => aborted)]).toEqual([[['result', 0, 1]], [false]])
  })
})

describe('what a store says', () => {
  const known = { inputHash: INPUT }
  const states: readonly (readonly [state: string, IdempotencyState, error: object])[] = [
    ['running', { ...known, name: 'running' }, { code: 'TOO_MANY_REQUESTS', data: { retryAfterMs: 1_000 } }],
    ['in doubt', { ...known, name: 'inDoubt' }, { code: 'OUTCOME_UNKNOWN' }],
    ['done and dropped', { ...known, name: 'done', outcome: undefined }, { code: 'RESULT_DROPPED' }],
    [
      'done with another input',
      { name: 'done', inputHash: '-', outcome: '["result",0]' },
      { code: 'KEY_CONFLICT', mayHaveRun: false },
    ],
    ['in doubt with another input', { name: 'inDoubt', inputHash: '-' }, { code: 'KEY_CONFLICT', mayHaveRun: false }],
    [
      'full',
      { name: 'full', retryAfterMs: 7 },
      { code: 'TOO_MANY_REQUESTS', data: { retryAfterMs: 7 }, mayHaveRun: false },
    ],
    // A client's timer can't hold it, and would fire at once.
    [
      'full for good',
      { name: 'full', retryAfterMs: Number.POSITIVE_INFINITY },
      { code: 'TOO_MANY_REQUESTS', data: undefined, mayHaveRun: false },
    ],
  ]

  for (const [name, state, error] of states) {
    it(`is answered by name, and nothing runs: ${name}`, () => {
      const { seen, procedure } = counting()
      const { call, store } = setUp(procedure)
      store.state = state
      // On the wire, a missing `mayHaveRun` is true.
      const answers = call().answers.map((answer) => ({
        mayHaveRun: true,
        data: undefined,
        ...(answer as [string, number, object])[2],
      }))
      expect([seen.runs, answers]).toMatchObject([0, [{ mayHaveRun: true, ...error }]])
    })
  }

  it('is overruled where it is in doubt and running twice does no harm', () => {
    for (const procedure of [h.idempotent().mutation(() => 'ran'), h.query(() => 'ran')]) {
      const { call, store } = setUp(procedure)
      store.state = { ...known, name: 'inDoubt' }
      expect(call().answers).toEqual([['result', 0, 'ran']])
      expect(store.state).toMatchObject({ name: 'done' })
    }
  })

  it('is in doubt all the same, and nothing runs, where everybody has left before it said so', async () => {
    let runs = 0
    const { call, store } = setUp(h.idempotent().mutation(() => ++runs))
    store.state = { ...known, name: 'inDoubt' }
    store.wait = settled()
    call().leave()
    await settled()
    await settled()
    expect([runs, store.state]).toMatchObject([0, { name: 'inDoubt' }])
  })
})

describe('a store that fails', () => {
  it('keeps a call from running where it fails before', () => {
    const { seen, procedure } = counting()
    const { call, store, reasons } = setUp(procedure)
    store.fail = { begin: new Error('away') }
    expect(call().answers).toMatchObject([['error', 0, { code: 'INTERNAL', data: { id: 'id' }, mayHaveRun: false }]])
    expect([seen.runs, reasons]).toEqual([0, [new Error('away')]])
  })

  it('keeps nobody from the answer where it fails afterwards, at once or later', async () => {
    for (const wait of [undefined, settled()]) {
      const { call, store, reasons, runs } = setUp(counting().procedure)
      store.fail = { finish: new Error('gone') }
      store.wait = wait
      const { answers } = call()
      await settled()
      await settled()
      expect([answers, reasons, runs.size]).toEqual([[['result', 0, 1]], [new Error('gone')], 0])
      expect(store.state).toMatchObject({ name: 'running' })
    }
  })

  it('D2: does not run a mutation that was sent before, where the store forgets with its process and does not know the key', () => {
    const { seen, procedure } = counting()
    const { store, call } = setUp(procedure)
    store.isDurable = false
    expect(call(undefined, 'k', 'ann', true).answers).toEqual([
      ['error', 0, expect.objectContaining({ code: 'OUTCOME_UNKNOWN' })],
    ])
    expect([seen.runs, store.told]).toEqual([0, ['begin', 'release']])
    const harmless = setUp(h.idempotent().mutation(() => 'once more'))
    harmless.store.isDurable = false
    expect(harmless.call(undefined, 'k', 'ann', true).answers).toEqual([['result', 0, 'once more']])
    store.isDurable = true
    store.state = undefined
    expect(call(undefined, 'k', 'ann', true).answers).toEqual([['result', 0, 1]])
  })
})
