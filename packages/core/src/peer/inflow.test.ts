import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PROTOCOL_LIMITS } from '../protocol/limits.ts'
import { ENTRY_CHARACTERS, Holdings } from '../session/holdings.ts'
import { CreditPool } from './credit-pool.ts'
import { Inflow } from './inflow.ts'
import { Outflow } from './outflow.ts'

const { firstCredit, mostCredit } = PROTOCOL_LIMITS

describe('the flow control of a stream', () => {
  it('returns what was read once half of the window has been, to the last character', () => {
    const flow = new Inflow(new CreditPool())
    for (let item = 0; item < 4; item++) flow.received(1, firstCredit / 4)
    expect([flow.read(firstCredit / 4), flow.unread]).toEqual([0, (firstCredit / 4) * 3])
    expect([flow.read(firstCredit / 4 - 1), flow.read(1)]).toEqual([0, firstCredit / 2])
  })

  it('gives a reader that keeps up a window up to eight times as large, and one that lags none', () => {
    const [pool, granted] = [new CreditPool(), [] as number[]]
    const quick = new Inflow(pool)
    for (let turn = 0; turn < 200; turn++) {
      quick.received(1, firstCredit / 2)
      granted.push(quick.read(firstCredit / 2))
    }
    const received = (firstCredit / 2) * 200
    expect(granted.reduce((sum, size) => sum + size, 0) + firstCredit - received).toBeLessThanOrEqual(mostCredit)
    expect(Math.max(...granted)).toBeGreaterThanOrEqual(mostCredit / 2)
    const slow = new Inflow(pool)
    slow.received(3, firstCredit)
    expect([slow.read(firstCredit / 2)]).toEqual([firstCredit / 2])
    slow.received(3, firstCredit / 2)
    expect([slow.read(firstCredit / 2)]).toEqual([firstCredit / 2])
  })

  it('E18: leaves each stream its first credit, however much others have grown and stalled', () => {
    const pool = new CreditPool()
    let out = 0
    for (let stream = 0; stream < 1_000; stream++) {
      const flow = new Inflow(pool)
      let credit = firstCredit
      for (let turn = 0; turn < 20; turn++) {
        expect(credit).toBeGreaterThanOrEqual(firstCredit / 2)
        const size = credit
        flow.received(1, size)
        credit += flow.read(size) - size
      }
      out += credit
    }
    expect(out).toBeGreaterThan(1_000 * firstCredit)
    expect(out).toBeLessThanOrEqual(1_000 * firstCredit + 4 * 1024 * 1024)
  })

  it('gives back what it had grown by when it ends, once', () => {
    const pool = new CreditPool()
    const before = roomOf(pool)
    expect(before).toBe(4 * 1024 * 1024)
    const flow = new Inflow(pool)
    flow.received(1, firstCredit)
    flow.read(firstCredit)
    expect(roomOf(pool)).toBeLessThan(before)
    flow.end()
    flow.end()
    expect(roomOf(pool)).toBe(before)
  })

  it('takes what it had grown by into another session, as far as that has room', () => {
    const [one, full] = [new CreditPool(), new CreditPool()]
    const [before, grown] = [roomOf(one), new Inflow(one)]
    grown.received(1, firstCredit)
    grown.read(firstCredit)
    full.take(roomOf(full))
    grown.moveTo(full)
    expect([roomOf(one), grown.restart()]).toEqual([before, firstCredit])
    expect(grown.resume()).toBe(0)
    grown.end()
    expect(roomOf(full)).toBe(0)
  })

  it('takes its growth along, and what is unread counts where it goes on', () => {
    const [before, after] = [new Holdings(), new Holdings()]
    const [pool, flow] = [new CreditPool(after), new Inflow(new CreditPool(before))]
    flow.received(1, firstCredit)
    flow.read(firstCredit)
    flow.received(1, 10_000)
    expect([before.size, after.size]).toEqual([10_000 + ENTRY_CHARACTERS, 0])
    flow.moveTo(pool)
    expect([before.size, after.size]).toEqual([0, 10_000 + ENTRY_CHARACTERS])
    expect(roomOf(pool)).toBe(4 * 1024 * 1024 - firstCredit)
    flow.read(5_000)
    flow.forget()
    expect([before.size, after.size, flow.unread]).toEqual([0, 0, 0])
    flow.end()
    expect(roomOf(pool)).toBe(4 * 1024 * 1024)
  })

  it('breaks the protocol where an item comes without credit', () => {
    const flow = new Inflow(new CreditPool())
    flow.received(1, firstCredit - 1)
    flow.received(1, 1_000_000)
    expect(() => flow.received(1, 1)).toThrow('An item of call 1 came without credit')
    const other = new Inflow(new CreditPool())
    other.received(3, firstCredit)
    expect(() => other.received(3, 1)).toThrow('An item of call 3 came without credit')
  })

  it('lets a sender that begins anew send no more than the window leaves beside what is unread', () => {
    const grown = new Inflow(new CreditPool())
    grown.received(1, firstCredit)
    grown.read(firstCredit)
    const flow = new Inflow(new CreditPool())
    expect([grown.restart(), flow.restart()]).toEqual([firstCredit, firstCredit])
    flow.received(1, 10_000)
    expect(flow.restart()).toBe(firstCredit - 10_000)
    flow.received(1, firstCredit)
    expect(flow.restart()).toBe(0)
    flow.resume()
    flow.read(10_000)
    expect(flow.read(firstCredit)).toBe(firstCredit * 2)
  })

  it('keeps what is read for a sender that begins anew until that takes credit', () => {
    const flow = new Inflow(new CreditPool())
    flow.received(1, firstCredit)
    expect([flow.restart(), flow.read(firstCredit)]).toEqual([0, 0])
    expect(flow.resume()).toBe(firstCredit * 2)
    expect(flow.resume()).toBe(0)
  })

  it('F7: costs next to nothing where credit dribbles in, a million times', () => {
    const flow = new Outflow(0)
    let waits = 0
    void flow.changed().then(() => waits++)
    for (let grant = 0; grant < 1_000_000; grant++) flow.granted(1, 1)
    flow.sent(1_000_000)
    expect([flow.hasRoom, waits]).toEqual([false, 0])
  })

  it('never stops and never exceeds its window by more than one item, whatever is sent and read when', () => {
    const step = fc.record({ sends: fc.integer({ min: 0, max: 5 }), reads: fc.integer({ min: 0, max: 5 }) })
    const sizes = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1 })
    fc.assert(
      fc.property(fc.array(step), sizes, (steps, sizes) => {
        const [inflow, outflow] = [new Inflow(new CreditPool()), new Outflow()]
        const unread: number[] = []
        const read = () => {
          const granted = inflow.read(unread.shift() ?? 0)
          if (granted > 0) outflow.granted(1, granted)
        }
        let turn = 0
        for (const { sends, reads } of steps) {
          for (let left = sends; left > 0 && outflow.hasRoom; left--) {
            const size = sizes[turn++ % sizes.length] ?? 1
            outflow.sent(size)
            inflow.received(1, size)
            unread.push(size)
            expect(inflow.unread - size).toBeLessThan(mostCredit)
          }
          for (let left = reads; left > 0 && unread.length > 0; left--) read()
        }
        while (unread.length > 0) read()
        expect([outflow.hasRoom, inflow.unread]).toEqual([true, 0])
      }),
    )
  })
})

function roomOf(pool: CreditPool): number {
  let room = 0
  while (pool.take(1024)) room += 1024
  pool.giveBack(room)
  return room
}
