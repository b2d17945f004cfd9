import { describe, expect, test, vi } from 'vitest'
import { StreamReader } from './stream-reader.ts'

describe('a stream', () => {
  test('leaves its items to the loop where an observer only wants to hear of gaps', async () => {
    const stream = new StreamReader(() => {})
    const [gap, complete] = [vi.fn(), vi.fn()]
    stream.on({ gap, complete })
    stream.push(1, undefined)
    stream.reopened()
    stream.push(2, undefined)
    stream.end('done')
    expect(await read(stream)).toEqual([1, 2])
    expect(gap).toHaveBeenCalledTimes(1)
    expect(complete).toHaveBeenCalledTimes(1)
  })

  test('tells an observer nothing more once it has been left, even where all of it has arrived', async () => {
    const stop = vi.fn()
    const stream = new StreamReader(stop)
    for (const item of [1, 2, 3]) stream.push(item, undefined)
    stream.end('done')
    const told: unknown[] = []
    stream.on({
      next: (item) => {
        told.push(item)
        if (item === 2) stream.stop()
      },
      complete: () => told.push('complete'),
    })
    expect(told).toEqual([1, 2])
    expect(stop).not.toHaveBeenCalled()
  })
})

async function read(stream: StreamReader): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of stream) items.push(item)
  return items
}
