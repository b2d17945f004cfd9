import { expect, it } from 'vitest'
import { UnfinishedMessages } from './unfinished-messages.ts'

/** A socket whose messages come as the test says, among those that are watched for 100 ms. */
function setUp() {
  const unfinished = new UnfinishedMessages(100)
  const late = { times: 0 }
  const arrivals = { whole: 0, isWithinMessage: false, begun: undefined, late: () => void late.times++ }
  unfinished.watch(arrivals)
  return { unfinished, arrivals, late }
}

it('X5: a message that was begun and does not end is late, and told of once', () => {
  const { unfinished, arrivals, late } = setUp()
  arrivals.isWithinMessage = true
  for (const now of [1_000, 1_050, 1_099]) unfinished.sweep(now)
  expect(late.times).toBe(0)
  for (const now of [1_100, 1_200, 1_300]) unfinished.sweep(now)
  expect(late.times).toBe(1)
})

it('X5: a socket that is always within a message, but ends them, is not', () => {
  const { unfinished, arrivals, late } = setUp()
  arrivals.isWithinMessage = true
  for (let now = 0; now < 1_000; now += 25) {
    if (now % 75 === 0) arrivals.whole++
    unfinished.sweep(now)
  }
  expect(late.times).toBe(0)
})

it('a socket that is idle between two messages is not', () => {
  const { unfinished, arrivals, late } = setUp()
  for (const isWithinMessage of [true, false, true]) {
    arrivals.isWithinMessage = isWithinMessage
    unfinished.sweep(isWithinMessage ? (late.times === 0 ? 0 : 1) : 60)
  }
  unfinished.sweep(90)
  expect(late.times).toBe(0)
})

it('one that is gone is not looked at any more', () => {
  const { unfinished, arrivals, late } = setUp()
  arrivals.isWithinMessage = true
  unfinished.sweep(0)
  unfinished.forget(arrivals)
  unfinished.sweep(1_000)
  expect([late.times, unfinished.size]).toEqual([0, 0])
})
