import { describe, expect, it } from 'vitest'
import { Crowd } from './fixture/crowd.ts'
import { heldBytes } from './fixture/heap.ts'

const SESSIONS = 10_000

/** What one is, with its connection and its place in a test, without any socket: 3.6 KB when this was written. */
const MOST_BYTES = 4_300

describe(`${SESSIONS} idle sessions`, { timeout: 60_000 }, () => {
  it('wake nobody between their heartbeats', async () => {
    const { clock } = await Crowd.of(SESSIONS)
    // The deadline of the handshake is looked at once, and found to be met.
    clock.pass(6_000)
    const { set, fired } = clock
    clock.pass(8_900)
    expect([clock.set - set, clock.fired - fired]).toEqual([0, 0])
  })

  it('cost an idle minute nothing but heartbeats: a ping each and a look at its answer', async () => {
    const { clock, sent, pingedAt } = await Crowd.of(SESSIONS)
    clock.pass(60_000)
    const [set, fired, pings] = [clock.set, clock.fired, pingedAt.length]
    clock.pass(60_000)
    const heartbeats = pingedAt.length - pings
    expect(heartbeats).toBeGreaterThanOrEqual(2 * SESSIONS)
    expect(heartbeats).toBeLessThanOrEqual(4 * SESSIONS)
    expect([...sent.keys()]).toEqual(['ping'])
    expect(clock.fired - fired).toBeLessThanOrEqual(2 * heartbeats)
    expect(clock.set - set).toBeLessThanOrEqual(clock.fired - fired + 1)
  })

  it('hold little: what a session rarely needs is made when it does', async () => {
    await Crowd.of(100)
    const before = await heldBytes()
    const crowd = await Crowd.of(SESSIONS)
    const each = ((await heldBytes()) - before) / SESSIONS
    console.info(`an idle session: ${Math.round(each)} bytes`)
    expect(crowd.size).toBe(SESSIONS)
    expect(each).toBeLessThan(MOST_BYTES)
  })

  it('count for what they hold when they are away, give or take a quarter', async () => {
    const warm = await Crowd.of(100)
    warm.vanish()
    const before = await heldBytes()
    const crowd = await Crowd.of(SESSIONS)
    crowd.vanish()
    const each = ((await heldBytes()) - before) / SESSIONS
    console.info(`an idle session that is away: ${Math.round(each)} bytes`)
    expect(crowd.detached).toBe(SESSIONS)
    expect(crowd.away / SESSIONS).toBeGreaterThan(each)
    expect(crowd.away / SESSIONS).toBeLessThan(1.25 * each)
  })

  it('share one timer, whether they are attached, busy or away', async () => {
    const crowd = await Crowd.of(SESSIONS)
    const { clock } = crowd
    // One for the first deadline, one for the first look, which is sooner.
    expect(clock.set).toBeLessThanOrEqual(3)
    crowd.say(0, `[1,0,${Array.from({ length: 200 }, (_, index) => `["call",${2 * index + 1},"echo"]`).join()}]`)
    await clock.settle()
    expect(crowd.sent.get('data')).toBe(1)
    clock.pass(30_000)
    crowd.vanish()
    expect([crowd.size, crowd.detached]).toEqual([0, SESSIONS])
    expect(clock.mostAtOnce).toBe(1)
    clock.pass(121_000)
    expect(crowd.detached).toBe(0)
    expect(clock.mostAtOnce).toBe(1)
  })

  it('are not asked in the same instant though they were attached in one', async () => {
    const { clock, pingedAt } = await Crowd.of(SESSIONS)
    clock.pass(25_000)
    expect(pingedAt).toHaveLength(SESSIONS)
    const perSecond = Array.from({ length: 10 }, (_, second) => {
      const from = 15_000 + second * 1_000
      return pingedAt.filter((at) => at >= from && at < from + 1_000).length
    })
    // A tenth each, give or take: the draws are the same in each run.
    expect(Math.min(...perSecond)).toBeGreaterThan(900)
    expect(Math.max(...perSecond)).toBeLessThan(1_100)
    // One for each millisecond, so that chance leaves some out.
    expect(new Set(pingedAt).size).toBeGreaterThan(0.6 * SESSIONS)
  })
})
