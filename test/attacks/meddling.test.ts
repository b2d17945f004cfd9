import { isHotlineError } from '@hotline/core'
import { describe, expect, it } from 'vitest'
import { type Deed, MeddlingApplication } from './fixture/meddling-application.ts'

const SEEDS = 300

/** What a session counts for by itself. */
const OWN_CHARACTERS = 3.5 * 1024

/** What is wrong with a call, or nothing. */
function faultOf({ kind, begun, given, outcomes }: Deed): string | undefined {
  const [outcome] = outcomes
  if (outcome === undefined || outcomes.length > 1) return `settled ${outcomes.length} times`
  const mayRunAgain = kind === 'query' || kind === 'stream'
  if (!mayRunAgain && begun > 1) return `began ${begun} times`
  if ('value' in outcome) return kind === 'stream' || given > 0 ? undefined : 'has a result that nobody gave'
  if (!isHotlineError(outcome.error)) return `rejected with ${String(outcome.error)}`
  return !outcome.error.mayHaveRun && begun > 0 ? `got ${outcome.error.code}, not run, and began` : undefined
}

describe('an application that ends, calls and throws out from within its own handlers and listeners', () => {
  it('has every call settled once and by name, nothing begun for who is gone, and nothing left', async () => {
    const seeds = Array.from({ length: SEEDS }, (_, seed) => seed)
    for (const seed of seeds) {
      const application = new MeddlingApplication(seed)
      await application.live()
      await application.calm()
      // What is out in the other direction may wait for a client that is away.
      const { sessions, held, running, made, waiting, unacknowledged } = application.stats
      if (running + made === 0)
        expect([seed, held]).toEqual([seed, sessions * OWN_CHARACTERS + waiting + unacknowledged])
      await application.end()
      expect([seed, application.deeds.map(faultOf).filter(Boolean), application.late]).toEqual([seed, [], []])
      const left = { connections: 0, sessions: 0, running: 0, made: 0, held: 0, away: 0 }
      expect(application.stats, `seed ${seed}`).toMatchObject(left)
    }
  })
})
