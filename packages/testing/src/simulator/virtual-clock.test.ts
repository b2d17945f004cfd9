import { describe, expect, test } from 'vitest'
import { VirtualClock } from './virtual-clock.ts'

function start() {
  const events: string[] = []
  const clock = new VirtualClock((error) => events.push(`thrown: ${String(error)}`))
  return { clock, events, note: (name: string) => () => events.push(`${clock.now()} ${name}`) }
}

describe('the virtual clock', () => {
  test('runs what is due by time, and what is due at once in the order of its setting', async () => {
    const { clock, events, note } = start()
    for (const [name, delayMs] of [
      ['c', 20],
      ['a', 10],
      ['b', 10],
      ['d', 30],
    ] as const) {
      clock.schedule(note(name), delayMs)
    }
    await clock.run(25)
    expect(events).toEqual(['10 a', '10 b', '20 c'])
    expect(clock.now()).toBe(25)
  })

  test('lets every promise settle before it goes on, however long the chain', async () => {
    const { clock, events, note } = start()
    const chain = async () => {
      for (let step = 0; step < 100; step++) await null
      note('chain')()
    }
    clock.schedule(() => void chain(), 10)
    clock.schedule(note('next'), 10)
    await clock.run(100)
    expect(events).toEqual(['10 chain', '10 next'])
  })

  test('runs what is deferred before any time passes', async () => {
    const { clock, events, note } = start()
    clock.schedule(() => clock.defer(note('deferred')), 10)
    clock.schedule(note('timer'), 10)
    await clock.run(100)
    expect(events).toEqual(['10 deferred', '10 timer'])
  })

  test('forgets what is cancelled, and goes on after what throws', async () => {
    const { clock, events, note } = start()
    clock.schedule(note('cancelled'), 5)()
    clock.schedule(() => {
      throw new Error('on purpose')
    }, 6)
    clock.schedule(note('after'), 7)
    await clock.run(100)
    expect(events).toEqual(['thrown: Error: on purpose', '7 after'])
  })
})
