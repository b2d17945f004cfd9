import { describe, expect, it } from 'vitest'
import { CreditPool } from '../peer/credit-pool.ts'
import { StreamReader } from '../peer/stream-reader.ts'
import type { LiveUpdate } from './live-update.ts'
import { liveValues } from './live-values.ts'
import type { Stream } from './stream.ts'

interface List {
  readonly rows: readonly { readonly id: number }[]
  readonly name: string
}

/** A stream as a client has it, and its values. */
function opened() {
  const told = { stops: 0 }
  const reader = new StreamReader(new CreditPool(), { stop: () => told.stops++, grant: () => {} })
  const push = (update: LiveUpdate<List>) => reader.push(update, 1, '0')
  // What is pushed is what the type says.
  const values = liveValues(reader as Stream<unknown, unknown> as Stream<LiveUpdate<List>>)
  return { reader, push, values, told }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

const FIRST: List = { rows: [{ id: 1 }], name: 'home' }

describe('the values of a live query', () => {
  it('are whole in a loop, and have the very same parts where nothing changed', async () => {
    const { reader, push, values } = opened()
    push({ value: FIRST })
    push({ patch: { in: { name: { is: 'work' } } } })
    reader.end(undefined)
    const seen: List[] = []
    for await (const value of values) seen.push(value)
    expect(seen).toEqual([FIRST, { ...FIRST, name: 'work' }])
    expect(seen[1]?.rows).toBe(FIRST.rows)
    expect(FIRST.name).toBe('home')
  })

  it('are told to all observers, also to one who comes later', () => {
    const { push, values } = opened()
    const told: unknown[] = []
    values.on({ next: ({ name }) => told.push(['a', name]) })
    push({ value: FIRST })
    values.on({ next: ({ name }) => told.push(['b', name]) })
    push({ patch: { in: { name: { is: 'work' } } } })
    expect(told).toEqual([
      ['a', 'home'],
      ['a', 'work'],
      ['b', 'work'],
    ])
  })

  it('are left to a loop by an observer who takes none', async () => {
    const { reader, push, values } = opened()
    const told: string[] = []
    values.on({ complete: () => told.push('complete'), gap: () => told.push('gap') })
    push({ value: FIRST })
    reader.moveTo({ gap: true })
    reader.end(undefined)
    expect(await values[Symbol.asyncIterator]().next()).toEqual({ done: false, value: FIRST })
    await values[Symbol.asyncIterator]().next()
    expect(told).toEqual(['complete'])
  })

  it('begin anew with a whole value', () => {
    const { push, values } = opened()
    const names: string[] = []
    values.on({ next: ({ name }) => names.push(name) })
    push({ value: FIRST })
    push({ patch: { in: { name: { is: 'work' } } } })
    push({ value: { rows: [], name: 'new' } })
    push({ patch: { in: { name: { is: 'newer' } } } })
    expect(names).toEqual(['home', 'work', 'new', 'newer'])
  })

  it('stop their stream where a loop is left, or they are disposed of', async () => {
    const { push, values, told } = opened()
    push({ value: FIRST })
    for await (const _ of values) break
    expect(told.stops).toBe(1)
    await values[Symbol.asyncDispose]()
    await expect(values.result).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('can be read as a ReadableStream', async () => {
    const { reader, push, values } = opened()
    push({ value: FIRST })
    reader.end(undefined)
    const stream = values.toReadableStream().getReader()
    expect(await stream.read()).toEqual({ done: false, value: FIRST })
    expect((await stream.read()).done).toBe(true)
  })

  it.each([
    ['a change of rows that are not there', { patch: { rows: [[0, 1_000_000_000]] } }],
    ['a change of members of what is none', { patch: { in: { name: { in: { first: { is: 1 } } } } } }],
    ['a change of no known kind', { patch: {} }],
    ['nothing at all', null],
  ])('X34: give their stream up for %s: every observer hears of it, and nothing after it', async (_, update) => {
    const { push, values, told } = opened()
    const heard: unknown[] = []
    for (const name of ['a', 'b']) {
      values.on({
        next: () => heard.push([name, 'next']),
        error: ({ code }) => heard.push([name, code]),
        complete: () => heard.push([name, 'complete']),
      })
    }
    values.on({ error: ({ code }) => heard.push(['c', code]) })
    push({ value: FIRST })
    // A server may send anything.
    for (const sent of [update, { value: FIRST }]) push(sent as LiveUpdate<List>)
    await settled()
    const code = 'OUTCOME_UNKNOWN'
    expect(heard).toEqual([...['a', 'b'].map((name) => [name, 'next']), ...['a', 'b', 'c'].map((name) => [name, code])])
    expect(told.stops).toBe(1)
  })

  it('X34: end a loop with an error for a change that does not fit, and stop their stream', async () => {
    const { push, values, told } = opened()
    push({ value: FIRST })
    push({ patch: { rows: [[0, 1]] } })
    const seen: List[] = []
    const loop = async () => {
      for await (const value of values) seen.push(value)
    }
    await expect(loop()).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', cause: expect.any(TypeError) })
    expect(seen).toEqual([FIRST])
    expect(told.stops).toBe(1)
    expect((await values[Symbol.asyncIterator]().next()).done).toBe(true)
  })
})
