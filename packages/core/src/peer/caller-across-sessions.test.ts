import { describe, expect, it } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import type { Stream } from '../contract/stream.ts'
import { textOf } from '../protocol/packed.ts'
import { Outbox } from '../session/outbox.ts'
import { Caller } from './caller.ts'

/** A caller whose session may be lost: each has its own outbox, which is emptied by hand. */
function setUp() {
  const world = { now: 0, wakes: [] as number[] }
  const newOutlet = () => ({
    outbox: new Outbox(),
    isAttached: true,
    isFull: false,
    now: () => world.now,
    flushSoon: () => {},
    wakeAt: (at: number) => world.wakes.push(at),
  })
  let outlet = newOutlet()
  const caller = new Caller(outlet, { codec: superjsonCodec, firstId: 1, timeoutMs: 30_000, queueCharacters: 1_000 })
  const sent = () => {
    const messages: unknown[] = []
    const { outbox } = outlet
    for (let text = outbox.take(world.now, true); text !== undefined; text = outbox.take(world.now, true)) {
      messages.push(JSON.parse(textOf(text)))
    }
    return messages
  }
  const loseSession = () => {
    outlet = newOutlet()
    caller.restart(outlet)
  }
  return { caller, world, sent, loseSession }
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.unreachable('it was answered'),
    (error) => error,
  )
}

describe('a call whose session is lost', () => {
  it('that was never sent goes in the next one, as if nothing had been', () => {
    const { caller, sent, loseSession } = setUp()
    void caller.call('a', 1)
    loseSession()
    expect(sent()).toEqual([['call', 1, 'a', 1]])
  })

  it('F8: takes the room of one call, however many sessions it waits through', async () => {
    const { caller, sent, loseSession } = setUp()
    const calls = [caller.call('a', 'x'.repeat(600))]
    for (let round = 0; round < 3; round++) loseSession()
    calls.push(caller.call('b', 'y'.repeat(300)))
    expect(sent()).toHaveLength(2)
    for (const id of [1, 3]) caller.answers.onResult(id, id, undefined)
    expect(await Promise.all(calls)).toEqual([1, 3])
  })

  it('may have run there, whatever the next server says of its own part', async () => {
    const { caller, sent, loseSession } = setUp()
    const call = failureOf(caller.call('a', 1))
    sent()
    loseSession()
    sent()
    caller.answers.onError(1, { code: 'NOT_FOUND', message: 'There is none here.', mayHaveRun: false })
    expect(await call).toMatchObject({ code: 'NOT_FOUND', mayHaveRun: true })
  })

  it('that was not answered goes again, marked, with ids from the beginning and in the order of the calls', async () => {
    const { caller, sent, loseSession } = setUp()
    const calls = ['a', 'b', 'c'].map((path) => caller.call(path, 1))
    sent()
    caller.answers.onResult(1, 'first', undefined)
    calls.push(caller.call('d', 1))
    loseSession()
    loseSession()
    const messages = [
      ['call', 1, 'b', 1, { again: 1 }],
      ['call', 3, 'c', 1, { again: 1 }],
      ['call', 5, 'd', 1],
    ]
    expect(sent()).toEqual(messages)
    for (const id of [1, 3, 5]) caller.answers.onResult(id, `answer ${id}`, undefined)
    expect(await Promise.all(calls)).toEqual(['first', 'answer 1', 'answer 3', 'answer 5'])
  })

  it('goes again three times at most, and then its outcome is unknown', async () => {
    const { caller, sent, loseSession } = setUp()
    const call = caller.call('a', 1)
    for (let round = 1; round <= 3; round++) {
      sent()
      loseSession()
    }
    expect(sent()).toEqual([['call', 1, 'a', 1, { again: 3 }]])
    loseSession()
    expect(await failureOf(call)).toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
    expect([sent(), caller.calls.size, caller.calls.awaitedSince]).toEqual([[], 0, undefined])
  })

  it('is over before anybody hears of one that was lost beside it, and may then be left without a word', async () => {
    const { caller, sent, loseSession } = setUp()
    const controller = new AbortController()
    // Options of a procedure that takes items.
    const chat: object = { items: [1] }
    const opening = caller.call('chat', 1, chat)
    const upload = caller.call('upload', 1, { ...chat, signal: controller.signal })
    sent()
    caller.answers.onStream(1)
    const stream = (await opening) as Stream<unknown, unknown>
    for (const id of [1, 3]) caller.answers.onCredit(id, 100)
    stream.on({ error: () => controller.abort() })
    loseSession()
    expect(await failureOf(upload)).toMatchObject({ code: 'OUTCOME_UNKNOWN', mayHaveRun: true })
    expect([sent(), caller.calls.size, caller.calls.awaitedSince]).toEqual([[], 0, undefined])
  })

  it('that was cancelled is forgotten, and so is its place', () => {
    const { caller, sent, loseSession } = setUp()
    const controller = new AbortController()
    caller.call('a', 1, { signal: controller.signal }).catch(() => {})
    sent()
    controller.abort()
    loseSession()
    expect([sent(), caller.calls.size]).toEqual([[], 0])
  })

  it('C10: still ends at its deadline, though nothing else may ever happen', async () => {
    const { caller, world, sent, loseSession } = setUp()
    const call = caller.call('a', 1, { timeoutMs: 500 })
    sent()
    world.wakes.length = 0
    loseSession()
    expect(world.wakes).toContain(500)
    caller.sweep(500)
    expect(await failureOf(call)).toMatchObject({ code: 'TIMEOUT', mayHaveRun: true })
  })
})

describe('a call behind a greeting', () => {
  it('that was refused goes again without a mark: it has not run', async () => {
    const { caller, sent, loseSession } = setUp()
    const call = caller.call('a', 1)
    caller.beginAttempt()
    sent()
    caller.takeBackAttempt()
    loseSession()
    expect(sent()).toEqual([['call', 1, 'a', 1]])
    caller.answers.onResult(1, 'x', undefined)
    expect(await call).toBe('x')
  })

  it('that was refused is taken back once: what is sent of it later counts', () => {
    const { caller, sent, loseSession } = setUp()
    void caller.call('a', 1)
    caller.beginAttempt()
    sent()
    caller.takeBackAttempt()
    loseSession()
    sent()
    caller.takeBackAttempt()
    loseSession()
    expect(sent()).toEqual([['call', 1, 'a', 1, { again: 1 }]])
  })

  it('that was accepted counts as sent, and is marked when its session is lost', () => {
    const { caller, sent, loseSession } = setUp()
    void caller.call('a', 1)
    caller.beginAttempt()
    sent()
    caller.confirmAttempt()
    caller.takeBackAttempt()
    loseSession()
    expect(sent()).toEqual([['call', 1, 'a', 1, { again: 1 }]])
  })

  it('that was refused is not sent again where it was cancelled meanwhile', () => {
    const { caller, sent, loseSession } = setUp()
    const controller = new AbortController()
    caller.call('a', 1, { signal: controller.signal }).catch(() => {})
    caller.beginAttempt()
    sent()
    controller.abort()
    caller.takeBackAttempt()
    loseSession()
    expect([sent(), caller.calls.size]).toEqual([[], 0])
  })

  it('that was refused has not run, unless it was sent before or is a stream that was open', async () => {
    const { caller, sent, loseSession } = setUp()
    const stream = caller.call('stream', 1)
    const before = failureOf(caller.call('before', 1))
    sent()
    caller.answers.onStream(1)
    loseSession()
    const first = failureOf(caller.call('first', 1))
    caller.beginAttempt()
    sent()
    caller.takeBackAttempt()
    caller.settleAll('NOT_SENT', 'The end.')
    const { result } = (await stream) as Stream<unknown, unknown>
    expect(await Promise.all([first, before, failureOf(result)])).toMatchObject([
      { code: 'NOT_SENT', mayHaveRun: false },
      { code: 'OUTCOME_UNKNOWN', mayHaveRun: true },
      { code: 'SESSION_LOST', mayHaveRun: true },
    ])
  })

  it('keeps the mark that it had', () => {
    const { caller, sent, loseSession } = setUp()
    void caller.call('a', 1)
    sent()
    loseSession()
    caller.beginAttempt()
    sent()
    caller.takeBackAttempt()
    loseSession()
    expect(sent()).toEqual([['call', 1, 'a', 1, { again: 1 }]])
  })
})

describe('when nothing will carry calls any more', () => {
  async function ended(as: 'CLOSED' | 'NOT_SENT' | 'UNAUTHORIZED') {
    const { caller, sent } = setUp()
    const streaming = caller.call('stream', 1)
    const out = caller.call('out', 1)
    sent()
    caller.answers.onStream(1)
    const stream = (await streaming) as Stream<unknown, unknown>
    const waiting = caller.call('waiting', 1)
    caller.settleAll(as, 'The end.')
    expect([caller.calls.size, sent(), caller.calls.awaitedSince]).toEqual([0, [], undefined])
    return Promise.all([waiting, out, stream.result].map(failureOf))
  }

  it.each(['CLOSED', 'NOT_SENT', 'UNAUTHORIZED'] as const)('a waiting one ends as %s, not run', async (as) => {
    const [waiting] = await ended(as)
    expect(waiting).toMatchObject({ code: as, message: 'The end.', mayHaveRun: false })
  })

  it.each([
    ['CLOSED', 'CLOSED', 'CLOSED'],
    ['NOT_SENT', 'OUTCOME_UNKNOWN', 'SESSION_LOST'],
    ['UNAUTHORIZED', 'OUTCOME_UNKNOWN', 'SESSION_LOST'],
  ] as const)('as %s, one that is out ends with %s and a stream with %s', async (as, outCode, streamCode) => {
    const [, out, stream] = await ended(as)
    expect([out, stream]).toMatchObject([
      { code: outCode, mayHaveRun: true },
      { code: streamCode, mayHaveRun: true },
    ])
  })
})
