import { describe, expect, it, vi } from 'vitest'
import { superjsonCodec } from '../codec/superjson-codec.ts'
import type { Stream } from '../contract/stream.ts'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { textOf } from '../protocol/packed.ts'
import { ENTRY_CHARACTERS, Holdings } from '../session/holdings.ts'
import { Outbox } from '../session/outbox.ts'
import { Caller } from './caller.ts'

const { firstCredit, mostCredit } = PROTOCOL_LIMITS

/** A caller whose session may be lost: each has its own outbox, which is emptied by hand. */
function setUp(holdings?: Holdings) {
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
  const options = { codec: superjsonCodec, firstId: 1, timeoutMs: 30_000, queueCharacters: 1_000 } as const
  const caller = new Caller(outlet, options, holdings)
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

/** A stream that the other end has accepted. */
async function opened(signal?: AbortSignal) {
  const set = setUp()
  const call = set.caller.call('a', 1, { signal })
  set.sent()
  set.caller.answers.onStream(1)
  return { ...set, stream: (await call) as Stream<unknown, unknown> }
}

describe('a call that becomes a stream', () => {
  it('is accepted by the other end, and has no deadline from then on', async () => {
    const { caller, stream } = await opened()
    expect(caller.calls.awaitedSince).toBeUndefined()
    expect(caller.sweep(1e9)).toBe(Number.POSITIVE_INFINITY)
    caller.answers.onItem(1, 1, 'x', undefined)
    caller.answers.onResult(1, 'done', undefined)
    const items: unknown[] = []
    for await (const item of stream) items.push(item)
    expect([items, await stream.result, caller.calls.size]).toEqual([['x'], 'done', 0])
  })

  it('is opened again with no credit while much is unread, and gets what is read meanwhile once it is accepted', async () => {
    const { caller, stream, sent, loseSession } = await opened()
    caller.answers.onItem(1, 40_000, 'x', { eventId: 'e' })
    loseSession()
    expect(sent()).toEqual([['call', 1, 'a', 1, { lastEventId: 'e', credit: 0 }]])
    await stream[Symbol.asyncIterator]().next()
    expect(sent()).toEqual([])
    caller.answers.onStream(1)
    expect(sent()).toEqual([['credit', 1, 65_536]])
  })

  it('says nothing of itself in a session in which it was not opened yet', async () => {
    const { caller, stream, sent, loseSession } = await opened()
    caller.answers.onItem(1, 40_000, 'x', undefined)
    loseSession()
    await stream[Symbol.asyncIterator]().next()
    expect(sent()).toEqual([['call', 1, 'a', 1]])
    caller.answers.onItem(1, 1, 'of nothing that was accepted here', undefined)
    expect(caller.answers.strays).toBe(1)
  })

  it('E7: tells the other end when its loop is left, and takes nothing more', async () => {
    const { caller, sent, stream } = await opened()
    caller.answers.onItem(1, 1, 'x', undefined)
    for await (const _ of stream) break
    expect([sent(), caller.calls.awaitedSince]).toEqual([[['cancel', 1]], undefined])
    const left = { code: 'CANCELLED', message: 'The stream was left before its end.' }
    expect(await failureOf(stream.result)).toMatchObject(left)
    caller.answers.onItem(1, 1, 'y', undefined)
    caller.answers.onResult(1, 'done', undefined)
    expect([caller.calls.size, caller.answers.strays]).toEqual([0, 0])
  })

  it('shares what it may have out beyond its first credit with all streams of its session', async () => {
    const { caller, sent } = setUp()
    const calls = Array.from({ length: 30 }, () => caller.call('a', 1))
    sent()
    const out = new Map<number, number>()
    for (let id = 1; id < 60; id += 2) caller.answers.onStream(id)
    for (let round = 0; round < 8; round++) {
      for (const [index, call] of calls.entries()) {
        const id = 2 * index + 1
        caller.answers.onItem(id, out.get(id) ?? firstCredit, 'x', undefined)
        await ((await call) as AsyncIterator<unknown>).next()
      }
      for (const [, id, size] of sent() as [string, number, number][]) out.set(id, size)
    }
    const all = [...out.values()].reduce((sum, size) => sum + size, 0)
    expect(all).toBeGreaterThan(2 * 30 * firstCredit)
    expect(all).toBeLessThanOrEqual(30 * firstCredit + 4 * 1024 * 1024)
    // Those that end leave it to others.
    for (const id of out.keys()) caller.answers.onResult(id, 'done', undefined)
    const late = caller.call('a', 1)
    sent()
    caller.answers.onStream(61)
    for (let size = firstCredit; size <= mostCredit; size *= 2) {
      caller.answers.onItem(61, size, 'x', undefined)
      await ((await late) as AsyncIterator<unknown>).next()
      expect(sent()).toEqual([['credit', 61, Math.min(2 * size, mostCredit)]])
    }
  })

  it('has nothing counted any more of what was unread when it was left', async () => {
    const holdings = new Holdings()
    const { caller, sent } = setUp(holdings)
    const call = caller.call('a', 1)
    sent()
    caller.answers.onStream(1)
    for (let items = 0; items < 3; items++) caller.answers.onItem(1, 100, 'x', undefined)
    expect(holdings.size).toBe(3 * (100 + ENTRY_CHARACTERS))
    await ((await call) as AsyncDisposable)[Symbol.asyncDispose]()
    expect(holdings.size).toBe(0)
  })

  it('ends with CANCELLED by its signal, once', async () => {
    const controller = new AbortController()
    const { sent, stream } = await opened(controller.signal)
    controller.abort()
    expect(await failureOf(stream.result)).toMatchObject({ code: 'CANCELLED' })
    expect(sent()).toEqual([['cancel', 1]])
  })

  it('ends by name where an item cannot be decoded', async () => {
    const { caller, sent, stream } = await opened()
    caller.answers.onItem(1, 1, 'x', { meta: { values: ['no such type'] } })
    expect(await failureOf(stream.result)).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(sent()).toEqual([['cancel', 1]])
  })
})

describe('a stream whose session is lost', () => {
  it('is opened again after the last event received, and its observers hear that it went on', async () => {
    const { caller, sent, loseSession, stream } = await opened()
    const [resumed, gap] = [vi.fn(), vi.fn()]
    stream.on({ next: () => {}, resumed, gap })
    caller.answers.onItem(1, 1, 'x', { eventId: 'e1' })
    loseSession()
    expect(sent()).toEqual([['call', 1, 'a', 1, { lastEventId: 'e1' }]])
    caller.answers.onStream(1)
    expect([resumed.mock.calls.length, gap.mock.calls.length]).toEqual([1, 0])
  })

  it('is opened again where its producer has said that it stands, without a gap', async () => {
    const { caller, sent, loseSession, stream } = await opened()
    const [resumed, gap] = [vi.fn(), vi.fn()]
    stream.on({ next: () => {}, resumed, gap })
    caller.answers.onItem(1, 1, 'x', undefined)
    caller.answers.onPosition(1, { eventId: 'p1' })
    caller.answers.onPosition(1, {})
    loseSession()
    expect(sent()).toEqual([['call', 1, 'a', 1, { lastEventId: 'p1' }]])
    caller.answers.onStream(1)
    expect([resumed.mock.calls.length, gap.mock.calls.length]).toEqual([1, 0])
  })

  it('E13: says that events may be missing where the last one had no id, and goes on behind the last that had one', async () => {
    const { caller, sent, loseSession, stream } = await opened()
    const [resumed, gap] = [vi.fn(), vi.fn()]
    stream.on({ next: () => {}, resumed, gap })
    caller.answers.onItem(1, 1, 'x', { eventId: 'e1' })
    caller.answers.onItem(1, 1, 'y', undefined)
    loseSession()
    expect(sent()).toEqual([['call', 1, 'a', 1, { lastEventId: 'e1' }]])
    caller.answers.onStream(1)
    expect([resumed.mock.calls.length, gap.mock.calls.length]).toEqual([0, 1])
  })

  it('is opened again however often, and counts for no wait', async () => {
    const { caller, sent, loseSession } = await opened()
    for (let round = 0; round < 10; round++) {
      loseSession()
      expect(sent()).toEqual([['call', 1, 'a', 1]])
      expect(caller.calls.awaitedSince).toBeUndefined()
    }
  })

  it('ends with the error of its reopening', async () => {
    const { caller, sent, loseSession, stream } = await opened()
    loseSession()
    sent()
    caller.answers.onError(1, { code: 'NOT_FOUND', message: 'gone', mayHaveRun: false })
    expect(await failureOf(stream.result)).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('that was left meanwhile is not opened again', async () => {
    const { caller, sent, loseSession, stream } = await opened()
    loseSession()
    await stream[Symbol.asyncDispose]()
    expect([sent(), caller.calls.size]).toEqual([[], 0])
  })
})

describe('a stream that moves to another caller', () => {
  /** Streams on call 1 to 7: one whose last event had an id, one without, one that streams both ways, and one left. */
  async function released() {
    const set = setUp()
    const heir = { released: vi.fn(), emptied: vi.fn() }
    // Options of a procedure that takes items.
    const chat: object = { items: [1] }
    const calls = [{}, {}, chat, {}].map((options) => set.caller.call('a', 1, options))
    set.sent()
    for (const id of [1, 3, 5, 7]) set.caller.answers.onStream(id)
    const [moving, , , left] = (await Promise.all(calls)) as Stream<unknown, unknown>[]
    for (const id of [1, 5, 7]) set.caller.answers.onItem(id, 1, 'x', { eventId: 'e1' })
    await left?.[Symbol.asyncDispose]()
    set.sent()
    set.caller.release(heir)
    return { ...set, heir, moving }
  }

  it('is ended on the old one where it can go on without a gap; the others stay until they end', async () => {
    const { caller, sent, heir } = await released()
    expect(sent()).toEqual([['cancel', 1]])
    for (const id of [3, 5, 7]) caller.answers.onError(id, { code: 'CANCELLED', message: 'Over.' })
    expect(heir.released).not.toHaveBeenCalled()
    caller.answers.onError(1, { code: 'CANCELLED', message: 'Over.' })
    expect(heir.released).toHaveBeenCalledTimes(1)
    expect(heir.emptied).toHaveBeenCalledTimes(1)
  })

  it('gives all that came before its end there, and goes on behind the last of it', async () => {
    const { caller, heir, moving } = await released()
    const items: unknown[] = []
    moving?.on({ next: (item) => items.push(item) })
    caller.answers.onItem(1, 1, 'y', { eventId: 'e2' })
    caller.answers.onError(1, { code: 'CANCELLED', message: 'Over.' })
    const next = setUp()
    for (const [call] of heir.released.mock.calls) next.caller.adopt(call)
    expect(next.sent()).toEqual([['call', 1, 'a', 1, { lastEventId: 'e2' }]])
    next.caller.answers.onStream(1)
    next.caller.answers.onItem(1, 1, 'z', { eventId: 'e3' })
    expect([items, next.caller.calls.awaitedSince]).toEqual([['x', 'y', 'z'], undefined])
  })

  it('is followed by the word that nothing is left, after the last answer and not before', async () => {
    const { caller, sent, heir } = await released()
    const call = caller.call('b', 1)
    sent()
    for (const id of [1, 3, 5, 7]) {
      caller.answers.onError(id, { code: 'CANCELLED', message: 'Over.' })
      expect(heir.emptied).not.toHaveBeenCalled()
    }
    caller.answers.onResult(9, 'done', undefined)
    expect([await call, heir.emptied.mock.calls.length]).toEqual(['done', 1])
  })

  it('has what was not read counted where it goes on', async () => {
    const [here, there] = [new Holdings(), new Holdings()]
    const old = setUp(here)
    const call = old.caller.call('a', 1)
    old.sent()
    old.caller.answers.onStream(1)
    await call
    old.caller.answers.onItem(1, 100, 'unread', { eventId: 'e1' })
    const next = setUp(there)
    old.caller.release({ released: (released) => next.caller.adopt(released), emptied: () => {} })
    expect([here.size, there.size]).toEqual([100 + ENTRY_CHARACTERS, 0])
    old.caller.answers.onError(1, { code: 'CANCELLED', message: 'Over.' })
    expect([here.size, there.size]).toEqual([0, 100 + ENTRY_CHARACTERS])
  })

  it('ends where the other end says that it has, by another error', async () => {
    const { caller, heir, moving } = await released()
    caller.answers.onError(1, { code: 'CONFLICT', message: 'No more of this.' })
    expect(await failureOf(moving?.result as Promise<unknown>)).toMatchObject({ code: 'CONFLICT' })
    expect(heir.released).not.toHaveBeenCalled()
  })
})
