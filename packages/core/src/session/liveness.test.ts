import { describe, expect, it } from 'vitest'
import { judge, LIVENESS, type Silence, type Verdict, withPhase } from './liveness.ts'

const NEVER = Number.POSITIVE_INFINITY

interface Row {
  readonly name: string
  readonly silence: Partial<Silence>
  readonly now: number
  readonly verdict: Verdict
}

const ROWS: readonly Row[] = [
  { name: 'waits for 25 s when idle', silence: {}, now: 0, verdict: { name: 'alive', wakeAt: 25_000 } },
  { name: 'asks after 25 s of idle silence', silence: {}, now: 25_000, verdict: { name: 'ask', wakeAt: 45_000 } },
  {
    name: 'gives an idle peer that was asked until 45 s',
    silence: { askedAt: 25_000 },
    now: 44_999,
    verdict: { name: 'alive', wakeAt: 45_000 },
  },
  {
    name: 'gives up an idle peer that was asked at 45 s',
    silence: { askedAt: 25_000 },
    now: 45_000,
    verdict: { name: 'dead', wakeAt: NEVER },
  },
  {
    name: 'asks after 2.5 s while an answer is awaited',
    silence: { waitingSince: 0 },
    now: 2_500,
    verdict: { name: 'ask', wakeAt: 5_000 },
  },
  {
    name: 'gives up after 5 s while an answer is awaited',
    silence: { waitingSince: 0, askedAt: 2_500 },
    now: 5_000,
    verdict: { name: 'dead', wakeAt: NEVER },
  },
  {
    name: 'counts from what was heard last, not from the beginning of the wait',
    silence: { waitingSince: 0, heardAt: 60_000, provenAt: 60_000 },
    now: 62_499,
    verdict: { name: 'alive', wakeAt: 62_500 },
  },
  {
    name: 'gives up a peer that is heard and does not hear us after 5 s while an answer is awaited',
    silence: { waitingSince: 0, heardAt: 4_990, askedAt: 2_500 },
    now: 5_000,
    verdict: { name: 'dead', wakeAt: NEVER },
  },
  {
    name: 'counts from the beginning of the wait where the line was idle before',
    silence: { waitingSince: 20_000 },
    now: 20_001,
    verdict: { name: 'alive', wakeAt: 22_500 },
  },
]

describe('liveness', () => {
  it.each(ROWS)('$name', ({ silence, now, verdict }) => {
    expect(
      judge(
        { heardAt: 0, provenAt: 0, waitingSince: undefined, askedAt: undefined, dueAt: now, ...silence },
        now,
        LIVENESS,
      ),
    ).toEqual(verdict)
  })

  it('C5: gives up nobody after standing still itself: it grants a round first, whether it had asked or not', () => {
    for (const askedAt of [undefined, 0]) {
      const frozen = judge({ heardAt: 0, provenAt: 0, waitingSince: 0, askedAt, dueAt: 5_000 }, 3_600_000, LIVENESS)
      expect(frozen).toEqual({ name: 'ask', wakeAt: 3_602_500 })
    }
  })

  it('C5: keeps that round when it is woken for something else before the answer can have come', () => {
    const silence = { heardAt: 0, provenAt: 0, waitingSince: 0, askedAt: 60_000, dueAt: 62_500 }
    expect(judge(silence, 60_001, LIVENESS)).toEqual({ name: 'alive', wakeAt: 62_500 })
    expect(judge(silence, 62_500, LIVENESS)).toEqual({ name: 'dead', wakeAt: NEVER })
  })

  it('C4: lets a slow answer take as long as it likes while the peer is heard', () => {
    let silence: Silence = { heardAt: 0, provenAt: 0, waitingSince: 0, askedAt: undefined, dueAt: 0 }
    let now = 0
    for (let round = 0; round < 100; round++) {
      const verdict = judge(silence, now, LIVENESS)
      expect(verdict.name).not.toBe('dead')
      expect(verdict.wakeAt).toBeGreaterThan(now)
      // A peer that lives answers what it is asked.
      const heardAt = verdict.name === 'ask' ? now + 50 : silence.heardAt
      silence = { ...silence, heardAt, provenAt: heardAt, dueAt: verdict.wakeAt }
      now = verdict.wakeAt
    }
  })

  it('asks each session at a moment of its own, from 15 s to 25 s of idle silence', () => {
    const asksAt = (random: number) =>
      judge(
        { heardAt: 0, provenAt: 0, waitingSince: undefined, askedAt: undefined, dueAt: 0 },
        0,
        withPhase(LIVENESS, random),
      ).wakeAt
    expect([0, 0.25, 0.5, 1].map(asksAt)).toEqual([25_000, 22_500, 20_000, 15_000])
  })

  it('never asks for a look in the past, so that no timer spins', () => {
    for (const askedAt of [undefined, 0]) {
      for (const waitingSince of [undefined, 0, 3_000]) {
        for (let now = 0; now < 60_000; now += 100) {
          expect(
            judge({ heardAt: 0, provenAt: 0, waitingSince, askedAt, dueAt: now }, now, LIVENESS).wakeAt,
          ).toBeGreaterThan(now)
        }
      }
    }
  })
})
