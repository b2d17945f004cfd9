import { describe, expect, it } from 'vitest'
import { AlarmHeap } from './alarm-heap.ts'

describe('a heap of alarms', () => {
  it('keeps no more of those that were forgotten or moved than of the others', () => {
    const alarms = new AlarmHeap()
    const stays = { wake: () => Number.POSITIVE_INFINITY }
    alarms.set(stays, 1_000_000)
    for (let index = 0; index < 10_000; index++) {
      const passes = { wake: () => Number.POSITIVE_INFINITY }
      alarms.set(passes, 5_000)
      alarms.set(passes, 4_000)
      alarms.set(stays, 900_000 - index)
      alarms.delete(passes)
      expect(alarms.kept).toBeLessThan(100)
    }
    expect(alarms.size).toBe(1)
  })

  it('still wakes at its time whoever stays, however many have come and gone', () => {
    const alarms = new AlarmHeap()
    const stays = { wake: () => Number.POSITIVE_INFINITY }
    alarms.set(stays, 5_000)
    for (let index = 0; index < 1_000; index++) {
      const passes = { wake: () => Number.POSITIVE_INFINITY }
      alarms.set(passes, 4_000)
      alarms.delete(passes)
    }
    expect([alarms.take(4_999), alarms.take(5_000), alarms.size]).toEqual([undefined, stays, 0])
  })
})
