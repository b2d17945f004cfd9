import { hotline, safe } from '@hotline/core'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createCaller } from './create-caller.ts'

const h = hotline<object>()

/** Reads numbers until it is told that it has enough. */
const sum = h
  .input(z.number())
  .items(z.number())
  .mutation(async ({ input, items }) => {
    let sum = 0
    for await (const item of items) {
      sum += item
      if (sum >= input) break
    }
    return sum
  })
let seen = (_: unknown) => {}
const read = h.items(z.number()).mutation(async ({ items }) => {
  try {
    for await (const _ of items);
  } catch (thrown) {
    seen(thrown)
  }
})
const first = h.items(z.number()).mutation(async ({ items }) => (await items[Symbol.asyncIterator]().next()).value)
const firstOnly = h.items(z.number()).subscription(async function* ({ items }) {
  yield (await items[Symbol.asyncIterator]().next()).value
})
const twice = h.items(z.number()).mutation(async ({ items }) => {
  const given: number[] = []
  for (let times = 0; times < 2; times++) {
    for await (const item of items) {
      given.push(item)
      break
    }
  }
  return given
})
const api = createCaller(h.router({ sum, read, first, firstOnly, twice }), {})

/** A source that gives what `next` does, and counts how often it is left. */
function counted(next: () => unknown, leave: () => unknown = () => undefined) {
  const source = { left: 0, iterable: {} as AsyncIterable<number> }
  const iterator = {
    next,
    return: () => {
      source.left++
      return leave()
    },
  }
  // Sources are the application's, so they may give anything.
  source.iterable = { [Symbol.asyncIterator]: () => iterator } as unknown as AsyncIterable<number>
  return source
}

describe('items of a caller in the same process', () => {
  it('are left once where the handler has enough, and not where they have ended or failed by themselves', async () => {
    let given = 0
    const endless = counted(async () => ({ done: false, value: 1 }))
    const two = counted(() => ({ done: ++given > 2, value: given }))
    const broken = counted(() => Promise.reject(new Error('no cursor')))
    expect(await api.sum(3, { items: endless.iterable })).toBe(3)
    expect(await api.sum(99, { items: two.iterable })).toBe(3)
    const reply = await safe(api.sum(3, { items: broken.iterable }))
    expect(reply).toMatchObject({ error: { code: 'INTERNAL', cause: { message: 'no cursor' } } })
    expect([endless.left, two.left, broken.left]).toEqual([1, 0, 0])
  })

  it('are refused by name where one does not fit, whatever their source throws as it is left', async () => {
    for (const leave of [() => Promise.reject(new Error('left')), () => expect.fail('left')]) {
      const wrong = counted(async () => ({ done: false, value: 'one' }), leave)
      expect(await safe(api.sum(3, { items: wrong.iterable }))).toMatchObject({ error: { code: 'BAD_INPUT' } })
      expect(wrong.left).toBe(1)
    }
  })

  it('are left when their call is given up, whatever their source waits for, and its handler reads no more of them', async () => {
    for (const timeoutMs of [undefined, 1]) {
      const leaving = new AbortController()
      const silent = counted(() => new Promise(() => {}))
      const ended = new Promise((resolve) => {
        seen = resolve
      })
      const reply = safe(api.read(undefined, { items: silent.iterable, signal: leaving.signal, timeoutMs }))
      await new Promise(setImmediate)
      if (timeoutMs === undefined) leaving.abort()
      const code = timeoutMs === undefined ? 'CANCELLED' : 'TIMEOUT'
      expect(await reply).toMatchObject({ error: { code, mayHaveRun: true } })
      expect(await ended).toMatchObject({ code })
      expect(silent.left).toBe(1)
    }
  })

  it('are left when their call has ended, also where the handler keeps them', async () => {
    const endless = () => counted(async () => ({ done: false, value: 1 }))
    const [ofMutation, ofStream] = [endless(), endless()]
    expect(await api.first(undefined, { items: ofMutation.iterable })).toBe(1)
    expect(ofMutation.left).toBe(1)
    for await (const item of await api.firstOnly(undefined, { items: ofStream.iterable })) expect(item).toBe(1)
    await new Promise(setImmediate)
    expect(ofStream.left).toBe(1)
  })

  it('are read once, as over the wire', async () => {
    expect(await api.twice(undefined, { items: [1, 2, 3] })).toEqual([1])
  })
})
