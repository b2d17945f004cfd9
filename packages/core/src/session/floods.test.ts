import { describe, expect, it } from 'vitest'
import { Floods } from './floods.ts'

function setUp(opens = { perSecond: 2, burst: 3 }, controls = { perSecond: 2, burst: 3 }) {
  const world = { now: 0 }
  const floods = new Floods({ opens, controls }, { now: () => world.now })
  const isFlood = (act: () => void): boolean => {
    try {
      act()
      return false
    } catch (error) {
      expect(error).toMatchObject({ close: 'FLOOD' })
      return true
    }
  }
  return { world, floods, isFlood }
}

describe('what a peer does often', () => {
  it('X23: opens a burst, is told how long to wait for as many again, and then is a flood', () => {
    const { world, floods, isFlood } = setUp()
    expect([0, 0, 0].map(() => floods.open())).toEqual([undefined, undefined, undefined])
    expect([0, 0, 0].map(() => floods.open())).toEqual([500, 500, 500])
    expect(isFlood(() => floods.open())).toBe(true)
    world.now = 500
    expect(floods.open()).toBeUndefined()
    expect(floods.open()).toBe(500)
  })

  it('X23: cancels from the same bucket, with nothing to refuse before it is a flood', () => {
    const { floods, isFlood } = setUp()
    expect([0, 0, 0].map(() => isFlood(() => floods.cancel()))).toEqual([false, false, false])
    expect(floods.open()).toBe(500)
    expect([0, 0, 0].map(() => isFlood(() => floods.cancel()))).toEqual([false, false, true])
  })

  it('X24: sends nothing in a burst, and at a rate', () => {
    const { world, floods, isFlood } = setUp()
    expect([0, 0, 0, 0].map(() => isFlood(() => floods.nothing('A ping')))).toEqual([false, false, false, true])
    for (let index = 0; index < 100; index++) {
      world.now += 500
      expect(isFlood(() => floods.nothing('A ping'))).toBe(false)
    }
  })

  it('X24: asks for more while answers wait unread: that is a flood at once', () => {
    const { floods, isFlood } = setUp()
    expect(isFlood(() => floods.question('A ping', 2 * 1024 * 1024))).toBe(false)
    expect(isFlood(() => floods.question('A ping', 2 * 1024 * 1024 + 1))).toBe(true)
  })

  it('is no matter where the limits are endless', () => {
    const endless = { perSecond: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY }
    const { floods } = setUp(endless, endless)
    for (let index = 0; index < 10_000; index++) {
      expect(floods.open()).toBeUndefined()
      floods.cancel()
      floods.nothing('A ping')
    }
  })
})
