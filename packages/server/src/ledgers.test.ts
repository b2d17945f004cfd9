import { describe, expect, it } from 'vitest'
import { Ledgers } from './ledgers.ts'

function newLedger() {
  const ledger = {
    size: 0,
    add(change: number) {
      ledger.size += change
    },
  }
  return ledger
}

describe('what a session holds', () => {
  it('counts in a second ledger while it belongs there, with all that there is', () => {
    const [all, away] = [newLedger(), newLedger()]
    const ledgers = new Ledgers(all)
    ledgers.add(10)
    ledgers.join(away)
    ledgers.join(away)
    ledgers.add(5)
    expect([all.size, away.size]).toEqual([15, 15])
    ledgers.leave()
    ledgers.add(1)
    expect([all.size, away.size]).toEqual([16, 0])
  })

  it('is nothing any more when the session is over, whatever a handler still gives back', () => {
    const all = newLedger()
    const ledgers = new Ledgers(all)
    ledgers.add(10)
    ledgers.close()
    ledgers.add(-3)
    expect(all.size).toBe(0)
  })
})
