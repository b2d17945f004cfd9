import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { Codec } from '../codec/codec.ts'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import { textOf } from '../protocol/packed.ts'
import { Outbox } from '../session/outbox.ts'
import { Caller } from './caller.ts'

/** A caller on an outbox that is emptied by hand. */
function setUp(firstId: 1 | 2 = 1, codec: Codec = superjsonCodec) {
  const outbox = new Outbox()
  const world = { now: 0, flushes: 0, wakes: [] as number[], isAttached: true }
  const outlet = {
    outbox,
    get isAttached() {
      return world.isAttached
    },
    isFull: false,
    now: () => world.now,
    flushSoon: () => world.flushes++,
    wakeAt: (at: number) => world.wakes.push(at),
  }
  const caller = new Caller(outlet, { codec, firstId, timeoutMs: 30_000, queueCharacters: 100 })
  const sent = () => {
    const messages: unknown[] = []
    for (let text = outbox.take(world.now, true); text !== undefined; text = outbox.take(world.now, true))
      messages.push(JSON.parse(textOf(text)))
    return messages
  }
  return { caller, outbox, world, sent }
}

/** What a promise rejects with; fails where it doesn't. */
async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.unreachable('it was answered'),
    (error) => error,
  )
}

describe('a call', () => {
  it('has the next odd id of a client, the next even one of a server', () => {
    for (const firstId of [1, 2] as const) {
      const { caller, sent } = setUp(firstId)
      for (const path of ['a', 'b']) void caller.call(path, undefined)
      expect(sent()).toEqual([
        ['call', firstId, 'a'],
        ['call', firstId + 2, 'b'],
      ])
    }
  })

  it('carries its input, headers and key', () => {
    const { caller, sent } = setUp()
    void caller.call('a', { n: 1 }, { headers: { trace: 't"1' }, idempotencyKey: 'k' })
    void caller.call('b', 1n)
    void caller.call('c', undefined, { headers: {} })
    expect(sent()).toEqual([
      ['call', 1, 'a', { n: 1 }, { headers: { trace: 't"1' }, idempotencyKey: 'k' }],
      ['call', 3, 'b', '1', { meta: { values: ['bigint'], v: 1 } }],
      ['call', 5, 'c', null, { headers: {}, meta: { values: ['undefined'], v: 1 } }],
    ])
  })

  it('says how much time is left when it leaves, unless that is near the default', () => {
    const { caller, world, sent } = setUp()
    void caller.call('a', 1, { timeoutMs: 5_000 })
    void caller.call('b', 1)
    world.now = 100
    expect(sent()).toEqual([
      ['call', 1, 'a', 1, { timeoutMs: 4_900 }],
      ['call', 3, 'b', 1],
    ])
    void caller.call('c', 1)
    world.now = 1_100
    expect(sent()).toEqual([['call', 5, 'c', 1, { timeoutMs: 29_000 }]])
  })

  it('C4: that waits as long as it takes says so with the longest duration there is', () => {
    const { caller, sent } = setUp()
    void caller.call('a', 1, { timeoutMs: Number.POSITIVE_INFINITY })
    expect(sent()).toEqual([['call', 1, 'a', 1, { timeoutMs: 2_147_483_647 }]])
  })

  it('ends with its result, or with the error that the other end names', async () => {
    const { caller, sent } = setUp()
    const [result, rich, declared, refused] = ['a', 'b', 'c', 'd'].map((path) => caller.call(path, undefined))
    sent()
    caller.answers.onResult(1, { n: 1 }, undefined)
    caller.answers.onResult(3, '1', { meta: { values: ['bigint'] } })
    caller.answers.onError(5, { code: 'LIST_FULL', message: 'Full.', data: { max: 3 } })
    caller.answers.onError(7, { code: 'NOT_FOUND', message: 'No.', mayHaveRun: false })
    expect([await result, await rich]).toEqual([{ n: 1 }, 1n])
    const full = { code: 'LIST_FULL', message: 'Full.', data: { max: 3 }, mayHaveRun: true }
    expect(await failureOf(declared as Promise<unknown>)).toMatchObject(full)
    expect(await failureOf(refused as Promise<unknown>)).toMatchObject({ code: 'NOT_FOUND', mayHaveRun: false })
    expect(caller.calls.size).toBe(0)
  })

  it('that fails without data has none, whatever its codec makes of nothing', async () => {
    const { caller, sent } = setUp(1, { ...superjsonCodec, decode: (json) => ({ decoded: json }) })
    const [without, along] = ['a', 'b'].map((path) => failureOf(caller.call(path, 1)))
    sent()
    caller.answers.onError(1, { code: 'CONFLICT', message: 'No.' })
    caller.answers.onError(3, { code: 'CONFLICT', message: 'No.', data: 7 })
    expect(await Promise.all([without, along])).toMatchObject([{ data: undefined }, { data: { decoded: 7 } }])
  })

  it('A20: whose input cannot be encoded fails alone, and takes no id', async () => {
    const { caller, sent } = setUp()
    const refused = caller.call('a', { f: () => 1 })
    const trapped = caller.call(
      'a',
      Object.defineProperty({}, 'x', {
        enumerable: true,
        get: () => {
          throw null
        },
      }),
    )
    void caller.call('b', 1)
    const error = { code: 'NOT_ENCODABLE', message: expect.stringContaining('The value at .f is a function') }
    expect(await failureOf(refused)).toMatchObject({ ...error, mayHaveRun: false })
    expect(await failureOf(trapped)).toMatchObject({ code: 'NOT_ENCODABLE', mayHaveRun: false })
    expect(sent()).toEqual([['call', 1, 'b', 1]])
  })

  it('with options that the wire does not carry fails alone', async () => {
    const { caller, sent } = setUp()
    expect(await failureOf(caller.call('a', 1, { idempotencyKey: 'k'.repeat(300) }))).toBeInstanceOf(TypeError)
    expect(sent()).toEqual([])
  })

  it('F8: beyond what may wait fails at once, and what was written makes room', async () => {
    const { caller, sent } = setUp()
    void caller.call('a', 'x'.repeat(90))
    expect(await failureOf(caller.call('b', 'y'.repeat(20)))).toMatchObject({ code: 'QUEUE_FULL', mayHaveRun: false })
    sent()
    void caller.call('c', 'y'.repeat(20))
    expect(sent()).toEqual([['call', 3, 'c', 'y'.repeat(20)]])
  })

  it('F8: takes room by its headers too, and finds less beside what else waits for the line', async () => {
    const { caller, outbox } = setUp()
    const headers = { trace: 'x'.repeat(90) }
    expect(await failureOf(caller.call('a', 1, { headers }))).toMatchObject({ code: 'QUEUE_FULL' })
    outbox.pushCall('a result'.repeat(8))
    expect(await failureOf(caller.call('b', 'y'.repeat(50)))).toMatchObject({ code: 'QUEUE_FULL' })
    void caller.call('c', 1)
    expect(caller.calls.size).toBe(1)
  })

  it('F8: makes room by as much as it took, whether it was written, given up or answered', async () => {
    const { caller, sent } = setUp()
    for (let round = 0; round < 3; round++) {
      const controller = new AbortController()
      caller.call('a', 'x'.repeat(90), { signal: controller.signal }).catch(() => {})
      controller.abort()
      void caller.call('a', 'x'.repeat(90))
      sent()
      caller.answers.onResult(1 + 2 * round, 'done', undefined)
    }
    void caller.call('a', 'x'.repeat(90))
    expect(await failureOf(caller.call('b', 'y'.repeat(20)))).toMatchObject({ code: 'QUEUE_FULL' })
  })

  it('with a blob in it leaves as soon as that has been read', async () => {
    const { caller, world, sent } = setUp()
    void caller.call('a', new Blob(['x']))
    expect(sent()).toEqual([])
    world.flushes = 0
    await new Promise(setImmediate)
    expect(world.flushes).toBe(1)
    expect(sent()).toEqual([['call', 1, 'a', { at: 0, type: '' }, expect.anything()]])
  })

  it('F8: that was refused with a blob in it is not sent either when the blob has been read', async () => {
    const { caller, sent } = setUp()
    expect(await failureOf(caller.call('a', new Blob(['x'.repeat(200)])))).toMatchObject({ code: 'QUEUE_FULL' })
    await new Promise(setImmediate)
    expect(sent()).toEqual([])
  })

  it('D10: takes answers that belong to nothing for what they are, and counts them', async () => {
    const { caller, sent } = setUp()
    const call = caller.call('a', 1)
    caller.answers.onResult(99, 1, undefined)
    caller.answers.onResult(1, 'before it was sent', undefined)
    caller.answers.onError(1, { code: 'NOT_FOUND', message: 'before it was sent' })
    sent()
    caller.answers.onItem(1, 1, 'of no stream', undefined)
    caller.answers.onPosition(1, { eventId: 'of no stream' })
    caller.answers.onResult(1, 'first', undefined)
    caller.answers.onResult(1, 'second', undefined)
    caller.answers.onError(1, { code: 'NOT_FOUND', message: 'third' })
    caller.answers.onStream(1)
    expect(await call).toBe('first')
    expect(caller.answers.strays).toBe(8)
  })

  it('whose answer cannot be decoded ends by name, and the others go on', async () => {
    const { caller, sent } = setUp()
    const call = caller.call('a', 1)
    sent()
    caller.answers.onResult(1, 'x', { meta: { values: ['no such type'] } })
    expect(await failureOf(call)).toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
    expect([sent(), caller.calls.size, caller.calls.awaitedSince]).toEqual([[], 0, undefined])
  })
})

describe('a call that is cancelled', () => {
  it('D16: before it is made sends nothing and takes no id', async () => {
    const { caller, sent } = setUp()
    const reason = new Error('enough')
    const error = await failureOf(caller.call('a', 1, { signal: AbortSignal.abort(reason) }))
    expect(error).toMatchObject({ code: 'CANCELLED', cause: reason, mayHaveRun: false })
    void caller.call('b', 1)
    expect(sent()).toEqual([['call', 1, 'b', 1]])
  })

  it('before it was written is never sent', async () => {
    const { caller, sent } = setUp()
    const controller = new AbortController()
    const call = caller.call('a', 1, { signal: controller.signal })
    controller.abort()
    expect(await failureOf(call)).toMatchObject({ code: 'CANCELLED', mayHaveRun: false })
    expect([sent(), caller.calls.size, caller.calls.awaitedSince]).toEqual([[], 0, undefined])
  })

  it('after it was written is settled at once, and keeps its place until the last word, which is dropped', async () => {
    const { caller, sent } = setUp()
    const controller = new AbortController()
    const call = caller.call('a', 1, { signal: controller.signal })
    sent()
    controller.abort('why')
    expect(await failureOf(call)).toMatchObject({ code: 'CANCELLED', cause: 'why', mayHaveRun: true })
    expect([sent(), caller.calls.size, caller.calls.awaitedSince]).toEqual([[['cancel', 1]], 1, undefined])
    caller.answers.onResult(1, 'late', undefined)
    expect([caller.calls.size, caller.answers.strays]).toEqual([0, 0])
    expect(caller.calls.awaitedSince).toBeUndefined()
  })

  it('leaves no listener on the signal, however it ends', async () => {
    const { caller, world, sent } = setUp()
    const { signal } = new AbortController()
    const calls = ['a', 'b', 'c', 'd', 'e'].map((path) =>
      caller.call(path, 1, { signal, timeoutMs: 10 }).catch(() => {}),
    )
    sent()
    caller.answers.onResult(1, 1, undefined)
    caller.answers.onError(3, { code: 'NOT_FOUND', message: '' })
    caller.answers.onStream(5)
    caller.answers.onResult(5, 'done', undefined)
    caller.answers.onStream(7)
    await ((await calls[3]) as AsyncDisposable)[Symbol.asyncDispose]()
    world.now = 10
    caller.sweep(10)
    await Promise.all(calls)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('has one listener on the signal together with all others, of other callers too', async () => {
    const [one, other] = [setUp(), setUp()]
    const controller = new AbortController()
    const { signal } = controller
    const calls = [one, other, one].map(({ caller }) => failureOf(caller.call('a', 1, { signal })))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    one.sent()
    one.caller.answers.onError(1, { code: 'NOT_FOUND', message: '' })
    controller.abort()
    expect(await Promise.all(calls)).toMatchObject([
      { code: 'NOT_FOUND' },
      { code: 'CANCELLED', mayHaveRun: false },
      { code: 'CANCELLED', mayHaveRun: true },
    ])
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

describe('a call whose time is up', () => {
  it('before it was written ends without having run', async () => {
    const { caller, world, sent } = setUp()
    const call = caller.call('a', 1, { timeoutMs: 100 })
    expect(world.wakes).toEqual([100])
    expect([caller.sweep(99), caller.sweep(100)]).toEqual([100, Number.POSITIVE_INFINITY])
    expect(await failureOf(call)).toMatchObject({ code: 'TIMEOUT', mayHaveRun: false })
    expect(sent()).toEqual([])
  })

  it('is found among others whose time is longer, in whatever order they were made', () => {
    const { caller } = setUp()
    for (const timeoutMs of [300, 100, 200]) caller.call('a', 1, { timeoutMs }).catch(() => {})
    expect([caller.sweep(50), caller.sweep(100), caller.sweep(250)]).toEqual([100, 200, 300])
  })

  it('F8: leaves nothing where it waits, however long there is no line', () => {
    const { caller, outbox } = setUp()
    for (let now = 0; now < 100; now++) {
      void caller.call('a', 'x'.repeat(50), { timeoutMs: 100 }).catch(() => {})
      caller.sweep(now * 1_000)
    }
    caller.sweep(100_000)
    expect([caller.calls.size, outbox.isEmpty]).toEqual([0, true])
  })

  it('before there was a connection says why there was none', async () => {
    const { caller, world, sent } = setUp()
    world.isAttached = false
    const reasonOf = async (absence: string | undefined) => {
      const call = caller.call('a', 1, { timeoutMs: 100 })
      caller.absence = absence
      caller.sweep(100)
      return ((await failureOf(call)) as Error).message
    }
    expect(await reasonOf('Nobody answered.')).toBe('There was no connection in time. Nobody answered.')
    expect(await reasonOf(undefined)).toMatch(/^No answer came in time/)
    world.isAttached = true
    expect(await reasonOf('Nobody answered.')).toMatch(/^No answer came in time/)
    expect(sent()).toEqual([])
    const written = caller.call('a', 1, { timeoutMs: 100 })
    sent()
    world.isAttached = false
    caller.sweep(100)
    expect(((await failureOf(written)) as Error).message).toMatch(/^No answer came in time/)
  })

  it('C10: after it was written ends once, tells the other end, and drops what comes late', async () => {
    const { caller, sent } = setUp()
    const call = caller.call('a', 1, { timeoutMs: 100 })
    sent()
    caller.sweep(100)
    caller.sweep(200)
    caller.answers.onResult(1, 'late', undefined)
    expect(await failureOf(call)).toMatchObject({ code: 'TIMEOUT', mayHaveRun: true })
    expect(sent()).toEqual([['cancel', 1]])
  })

  it.each([0, -1, Number.NaN, 2 ** 31])('cannot be one whose timeoutMs is %s', async (timeoutMs) => {
    const { caller, sent } = setUp()
    await expect(caller.call('a', 1, { timeoutMs })).rejects.toThrow(`"timeoutMs" is ${timeoutMs}: give milliseconds`)
    expect(sent()).toEqual([])
  })
})
