import { AlarmHeap, Alarms } from '@hotline/core/internal'
import { describe, expect, it } from 'vitest'
import { HeldLedger } from './held-ledger.ts'

function setUp(most: number) {
  const timers = new Set<() => void>()
  const environment = {
    now: () => 0,
    setTimer(callback: () => void) {
      timers.add(callback)
      return () => timers.delete(callback)
    },
  }
  const relieved: number[] = []
  const ledger = new HeldLedger({
    alarms: new Alarms(environment, new AlarmHeap()),
    now: environment.now,
    most,
    relieve: (excess) => relieved.push(excess),
  })
  /** What was asked for happens. */
  const turn = () => {
    for (const callback of [...timers]) {
      timers.delete(callback)
      callback()
    }
  }
  return { ledger, relieved, timers, turn }
}

describe('what all sessions hold', () => {
  it('F9: is relieved in a turn of its own, once, however often it grew meanwhile', () => {
    const { ledger, relieved, turn } = setUp(100)
    ledger.add(90)
    for (let index = 0; index < 20; index++) ledger.add(1)
    expect([ledger.size, ledger.excess(), relieved]).toEqual([110, 10, []])
    turn()
    expect(relieved).toEqual([10])
  })

  it('is left alone where it has shrunk again by then, and asks for no turn below its limit', () => {
    const { ledger, relieved, timers, turn } = setUp(100)
    ledger.add(100)
    expect(timers.size).toBe(0)
    ledger.add(1)
    ledger.add(-1)
    turn()
    expect([relieved, timers.size]).toEqual([[], 0])
    expect(ledger.excess(0.9)).toBe(10)
  })

  it('may be any amount where the limit is endless', () => {
    const { ledger, timers } = setUp(Number.POSITIVE_INFINITY)
    ledger.add(Number.MAX_SAFE_INTEGER)
    expect(timers.size).toBe(0)
  })
})
