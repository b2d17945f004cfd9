import { describe, expect, it } from 'vitest'
import type { Load } from '../shared/model.ts'
import { LoadMeter } from './load-meter.ts'

/** So many loads of those that follow, told as items with their ids. */
async function take(meter: LoadMeter, count: number, after?: number): Promise<Load[]> {
  const loads: Load[] = []
  const signal = new AbortController().signal
  for await (const item of meter.follow({ signal, ...(after !== undefined && { after }) })) {
    if ('value' in item) loads.push(item.value)
    if (loads.length === count) break
  }
  return loads
}

describe('the load of the server', () => {
  it('is told for the last minute, and then goes on', async () => {
    const meter = new LoadMeter()
    for (let second = 1; second <= 61; second += 1) meter.measure(new Date(second * 1_000))
    const taken = take(meter, 61)
    meter.measure(new Date(62_000))
    const loads = await taken
    expect(loads.map(({ at }) => at.getTime() / 1_000)).toEqual(Array.from({ length: 61 }, (_, index) => index + 2))
    for (const { busy } of loads) {
      expect(busy).toBeGreaterThanOrEqual(0)
      expect(busy).toBeLessThanOrEqual(1)
    }
  })

  it('goes on behind what somebody has: nothing of it is told twice', async () => {
    const meter = new LoadMeter()
    for (const second of [1, 2]) meter.measure(new Date(second * 1_000))
    const taken = take(meter, 2, 1_000)
    meter.measure(new Date(3_000))
    expect((await taken).map(({ at }) => at.getTime())).toEqual([2_000, 3_000])
  })
})
