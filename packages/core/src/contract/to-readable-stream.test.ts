import { describe, expect, it } from 'vitest'
import { toReadableStream } from './to-readable-stream.ts'

/** Numbers from 1 on, with what was done to them. */
function numbers(count: number) {
  const seen = { asked: 0, left: 0 }
  const iterator: AsyncIterator<unknown, unknown, undefined> = {
    next: async () => (seen.asked < count ? { done: false, value: ++seen.asked } : { done: true, value: undefined }),
    return: async () => ({ done: true, value: seen.left++ }),
  }
  return { iterator, seen }
}

describe('items as a ReadableStream', () => {
  it('are read one by one, when they are asked for', async () => {
    const { iterator, seen } = numbers(3)
    const stream = toReadableStream(iterator)
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen.asked).toBe(0)
    const items: unknown[] = []
    for await (const item of stream) items.push(item)
    expect([items, seen.left]).toEqual([[1, 2, 3], 0])
  })

  it('are left when the stream is cancelled', async () => {
    const { iterator, seen } = numbers(3)
    const stream = toReadableStream(iterator)
    for await (const _ of stream) break
    expect(seen).toEqual({ asked: 1, left: 1 })
  })

  it('fail the stream with their error', async () => {
    const reason = new Error('gone')
    const stream = toReadableStream({ next: () => Promise.reject(reason) })
    await expect(stream.getReader().read()).rejects.toBe(reason)
  })
})
