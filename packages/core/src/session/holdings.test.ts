import { describe, expect, it } from 'vitest'
import { Holdings } from './holdings.ts'

function newLedger() {
  const ledger = {
    size: 0,
    add(change: number) {
      ledger.size += change
    },
  }
  return ledger
}

describe('what sessions hold', () => {
  it('is added up where something changes', () => {
    const all = newLedger()
    const [one, other] = [new Holdings(all), new Holdings(all)]
    one.add(10)
    other.add(5)
    one.queued(100)
    one.queued(40)
    expect([one.size, other.size, all.size]).toEqual([50, 5, 55])
  })

  it('counts in a second ledger while it belongs there, with all that there is', () => {
    const [all, away] = [newLedger(), newLedger()]
    const holdings = new Holdings(all)
    holdings.add(10)
    holdings.join(away)
    holdings.join(away)
    holdings.add(5)
    expect([all.size, away.size]).toEqual([15, 15])
    holdings.leave(away)
    holdings.add(1)
    expect([all.size, away.size]).toEqual([16, 0])
  })

  it('is nothing any more when the session is over, whatever a handler still gives back', () => {
    const all = newLedger()
    const holdings = new Holdings(all)
    holdings.add(10)
    holdings.close()
    holdings.add(-3)
    holdings.queued(7)
    expect(all.size).toBe(0)
  })
})
