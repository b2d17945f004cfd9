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
const api = createCaller(h.router({ sum }), {})

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
})
