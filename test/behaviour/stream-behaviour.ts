import { describe, expect, test } from 'vitest'
import type { Adapter } from './adapter.ts'
import { eventually, stage } from './stage.ts'

/** What holds of subscriptions. */
export function streamBehaviour(adapter: Adapter): void {
  describe('a stream', () => {
    test('gives its items in order, and what its handler returns', async () => {
      await using on = await stage(adapter)
      const stream = await on.connect().numbers(500)
      expect(await read(stream)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
      expect(await stream.result).toBe('done')
    })

    test('tells an observer its items and its end', async () => {
      await using on = await stage(adapter)
      const stream = await on.connect().numbers(3)
      const told: unknown[] = []
      stream.on({ next: (item) => told.push(item), complete: () => told.push('complete') })
      await stream.result
      expect(told).toEqual([1, 2, 3, 'complete'])
    })

    test('E7: stops its handler when its loop is left, and runs its finally', async () => {
      await using on = await stage(adapter)
      for await (const item of await on.connect().events()) if (item === 2) break
      await eventually(() => expect(on.witness.disposed).toBe(1))
    })

    test('E5: ends with what its handler throws, after the items before it', async () => {
      await using on = await stage(adapter)
      const items: number[] = []
      const reading = (async () => {
        for await (const item of await on.connect().failing()) items.push(item)
      })()
      await expect(reading).rejects.toMatchObject({ code: 'BROKEN', data: { at: 1 } })
      expect(items).toEqual([1])
    })

    test('is refused before it is accepted where the handler refuses', async () => {
      await using on = await stage(adapter)
      await expect(on.connect().refusing()).rejects.toMatchObject({ code: 'FORBIDDEN' })
    })

    test('E3: runs its finally once when its client goes away', async () => {
      await using on = await stage(adapter, { limits: { graceMs: 0 } })
      const stream = await on.connect().ticks()
      const reading = read(stream)
      await eventually(() => expect(on.witness.openedAfter).toHaveLength(1))
      on.server.cut()
      await eventually(() => expect(on.witness.disposed).toBe(1))
      await eventually(() => expect(on.witness.openedAfter).toHaveLength(2))
      on.witness.release()
      expect((await reading).length).toBeGreaterThan(0)
      expect(on.witness.disposed).toBe(2)
    })

    test('A1: goes on over a cut without being opened again, and is told of no gap', async () => {
      await using on = await stage(adapter)
      const stream = await on.connect().events()
      let gaps = 0
      stream.on({ gap: () => gaps++ })
      const items: number[] = []
      for await (const item of stream) {
        items.push(item)
        if (item === 3) {
          on.server.cut()
          on.witness.release()
        }
      }
      expect(items).toEqual([1, 2, 3, 4, 5, 6])
      expect(on.witness.openedAfter).toEqual([undefined])
      expect(gaps).toBe(0)
    })

    test('E9: is opened again behind its last event when the server has lost the session', async () => {
      await using on = await stage(adapter)
      const stream = await on.connect().events()
      let gaps = 0
      stream.on({ gap: () => gaps++ })
      const items: number[] = []
      for await (const item of stream) {
        items.push(item)
        if (item !== 3) continue
        await on.server.stop()
        await on.server.start()
        await eventually(() => expect(on.witness.openedAfter).toEqual([undefined, '3']))
        on.witness.release()
      }
      expect(items).toEqual([1, 2, 3, 4, 5, 6])
      expect(gaps).toBe(0)
    })

    test('is told of a gap when it is opened again and its events have no ids', async () => {
      await using on = await stage(adapter)
      const stream = await on.connect().ticks()
      const told: string[] = []
      stream.on({ next: (item) => told.push(item), gap: () => told.push('gap'), complete: () => told.push('complete') })
      await eventually(() => expect(told).toEqual(['tick']))
      await on.server.stop()
      await on.server.start()
      await eventually(() => expect(told).toEqual(['tick', 'gap', 'tick']))
      on.witness.release()
      await stream.result
      expect(told).toEqual(['tick', 'gap', 'tick', 'complete'])
    })
  })
}

async function read<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of stream) items.push(item)
  return items
}
