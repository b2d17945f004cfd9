import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { topic } from '../source/topic.ts'
import { type Hotline, hotline } from './hotline.ts'
import { HotlineError } from './hotline-error.ts'
import { Invocation, NOTHING_CARRIED } from './invocation.ts'
import { invoke } from './invoke.ts'
import type { LiveUpdate } from './live-update.ts'
import type { AnyProcedure } from './procedure.ts'
import { Endpoint } from './procedure-table.ts'
import type { Tracked } from './tracked.ts'

const h: Hotline<object, object> = hotline<object, object>()

/** What changes, and how often it was asked for. */
function state<Value>(value: Value) {
  return { changes: topic<void>(), value, runs: 0 }
}

function liveOf(on: { changes: unknown; value: unknown; runs: number }): AnyProcedure {
  return h.live({
    on: () => on.changes as AsyncIterable<unknown>,
    query: () => {
      on.runs++
      return on.value
    },
  })
}

/** Opens the stream of a live query as a session does. */
async function open(procedure: AnyProcedure) {
  const { live } = procedure
  if (live === undefined) throw new Error('It has no stream.')
  const call = new Invocation(new Endpoint('list.live', live), undefined, { context: {} }, NOTHING_CARRIED)
  const given = (await invoke(call)) as AsyncIterable<Tracked<LiveUpdate<unknown>>>
  const iterator = given[Symbol.asyncIterator]()
  const next = async () => {
    const step = await iterator.next()
    return step.done === true ? 'over' : step.value.value
  }
  return { call, next, leave: () => iterator.return?.() }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await undefined
}

describe('the stream of a live query', () => {
  it('gives the whole value first, and then what changed', async () => {
    const on = state({ list: Array.from({ length: 30 }, (_, id) => ({ id, title: 'some title' })), name: 'home' })
    const { next } = await open(liveOf(on))
    expect(await next()).toEqual({ value: on.value })
    on.value = { ...on.value, name: 'work' }
    on.changes.publish()
    expect(await next()).toEqual({ patch: { in: { name: { is: 'work' } } } })
  })

  it('gives the whole value where that is no longer than what changed', async () => {
    const on = state<unknown>([1, 2])
    const { next } = await open(liveOf(on))
    await next()
    on.value = [3, 4]
    on.changes.publish()
    expect(await next()).toEqual({ value: [3, 4] })
  })

  it('notices what is changed in place, and sends what it compared', async () => {
    const list = Array.from({ length: 30 }, (_, id) => ({ id, title: 'some title' }))
    const on = state(list)
    const { next } = await open(liveOf(on))
    const first = await next()
    list.push({ id: 30, title: 'new' })
    on.changes.publish()
    expect(await next()).toEqual({ patch: { rows: [[0, 30], { new: [{ id: 30, title: 'new' }] }] } })
    expect(first).toEqual({ value: list.slice(0, 30) })
  })

  it('says nothing where the value is the same', async () => {
    const on = state<unknown>({ at: new Date(0) })
    const { next } = await open(liveOf(on))
    await next()
    const following = next()
    on.value = { at: new Date(0) }
    on.changes.publish()
    await settle()
    expect(on.runs).toBe(2)
    on.value = { at: new Date(1) }
    on.changes.publish()
    expect(await following).toEqual({ value: { at: new Date(1) } })
  })

  it('listens before it asks: a change while the first value is read is not lost', async () => {
    const changes = topic<void>()
    let value = 1
    const { next } = await open(
      h.live({
        on: () => changes,
        query: async () => {
          const read = value
          if (value === 1) {
            value = 2
            changes.publish()
          }
          return read
        },
      }),
    )
    expect([await next(), await next()]).toEqual([{ value: 1 }, { value: 2 }])
  })

  it('never asks twice at once, and once more for all that changed meanwhile', async () => {
    const changes = topic<void>()
    const running: ((value: number) => void)[] = []
    let [runs, most] = [0, 0]
    const opening = open(
      h.live({
        on: () => changes,
        query: async () => {
          runs++
          const value = await new Promise<number>((resolve) => (most = Math.max(most, running.push(resolve))))
          running.shift()
          return value
        },
      }),
    )
    await settle()
    running[0]?.(0)
    const { next } = await opening
    await next()
    const following = next()
    changes.publish()
    await settle()
    for (let n = 0; n < 5; n++) {
      changes.publish()
      await settle()
    }
    expect([runs, most]).toEqual([2, 1])
    running[0]?.(1)
    expect(await following).toEqual({ value: 1 })
    const last = next()
    await settle()
    running[0]?.(2)
    expect(await last).toEqual({ value: 2 })
    void next()
    await settle()
    expect([runs, most]).toEqual([3, 1])
  })

  it('asks once for a burst, and not at all while its reader takes nothing', async () => {
    const on = state(0)
    const { next } = await open(liveOf(on))
    await next()
    for (let n = 1; n <= 100; n++) {
      on.value = n
      on.changes.publish()
      if (n % 10 === 0) await settle()
    }
    expect(on.runs).toBe(1)
    expect(await next()).toEqual({ value: 100 })
    expect(on.runs).toBe(2)
  })

  it('ends behind the last value when all its sources have ended', async () => {
    const source = topic<void>()
    const iterator = source.subscribe({ whenFull: 'latest' })[Symbol.asyncIterator]()
    const on = { ...state(1), changes: iterator }
    const { next } = await open(liveOf(on))
    expect(await next()).toEqual({ value: 1 })
    on.value = 2
    source.publish()
    await settle()
    await iterator.return()
    expect([await next(), await next()]).toEqual([{ value: 2 }, 'over'])
  })

  it('is refused by what the first reading throws, and leaves its sources', async () => {
    const changes = topic<void>()
    const refused = h.errors({ SHUT: z.number() }).live({
      on: () => changes,
      query: ({ errors }): number => {
        throw errors.SHUT(5)
      },
    })
    await expect(open(refused)).rejects.toMatchObject({ code: 'SHUT', data: 5 })
    expect(changes.size).toBe(0)
  })

  it('ends with what a later reading throws, and leaves its sources', async () => {
    const changes = topic<void>()
    let runs = 0
    const failing = h.live({
      on: () => changes,
      query: () => {
        if (runs++ > 0) throw new HotlineError('NOT_FOUND', undefined)
        return 1
      },
    })
    const { next } = await open(failing)
    await next()
    changes.publish()
    await expect(next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(changes.size).toBe(0)
  })

  it('checks each whole value, and sends what its schema makes of it', async () => {
    const on = state<unknown>({ n: 1, secret: 's' })
    const checked = h.output(z.object({ n: z.number() })).live({
      on: () => on.changes,
      query: () => on.value as { n: number },
    })
    const { next } = await open(checked)
    expect(await next()).toEqual({ value: { n: 1 } })
    on.value = { n: 'two' }
    on.changes.publish()
    await expect(next()).rejects.toThrow('What the query of "list.live" returned does not fit its schema: n:')
  })

  it('leaves its sources at once when its call ends, also while it waits or reads', async () => {
    const on = state(1)
    const { call, next } = await open(liveOf(on))
    call.abort(new Error('gone'))
    expect(on.changes.size).toBe(0)
    expect(await next()).toEqual({ value: 1 })
    expect(await next()).toBe('over')
    const waiting = await open(liveOf(on))
    await waiting.next()
    const end = waiting.next()
    await settle()
    waiting.call.abort(new Error('gone'))
    expect(await end).toBe('over')
    expect(on.changes.size).toBe(0)
  })

  it('leaves its sources when its reader does', async () => {
    const on = state(1)
    const { next, leave } = await open(liveOf(on))
    await next()
    await leave()
    expect(on.changes.size).toBe(0)
  })

  it('does not open for a call that has ended while its sources began', async () => {
    const on = state(1)
    const { live } = h.live({ on: async () => on.changes, query: () => ++on.runs })
    if (live === undefined) return expect.fail('It has no stream.')
    const call = new Invocation(new Endpoint('list.live', live), undefined, { context: {} }, NOTHING_CARRIED)
    const opening = invoke(call)
    call.abort(new Error('gone'))
    await expect(opening).rejects.toThrow('gone')
    expect([on.changes.size, on.runs]).toEqual([0, 0])
  })
})

describe('a live query', () => {
  it('is a query without its stream', () => {
    const on = state(7)
    const { definition } = liveOf(on)
    expect(definition.kind).toBe('query')
    expect(invoke(new Invocation(new Endpoint('list', definition), undefined, { context: {} }, NOTHING_CARRIED))).toBe(
      7,
    )
    expect(on.changes.size).toBe(0)
  })

  it('needs both of its functions, and takes no items', () => {
    const untyped = h as unknown as { live(given: unknown): unknown; items(schema: unknown): typeof untyped }
    expect(() => untyped.live(() => 1)).toThrow('.live was given a function without "on" and "query"')
    expect(() => untyped.live({ on: 1, query: () => 1 })).toThrow('.live({ on }) was given a number')
    expect(() => untyped.items(z.string()).live({ on: () => [], query: () => 1 })).toThrow('A query takes no items')
  })
})
