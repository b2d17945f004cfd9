import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AlarmHeap } from './alarm-heap.ts'
import { AlarmList } from './alarm-list.ts'
import { type AlarmQueue, Alarms, type Sleeper } from './alarms.ts'

const NEVER = Number.POSITIVE_INFINITY

/** A clock moved by hand, with its timers. */
class Clock {
  readonly timers = new Set<{ readonly at: number; readonly callback: () => void }>()
  time = 0
  now = () => this.time

  setTimer = (callback: () => void, delayMs: number): (() => void) => {
    const timer = { at: this.time + delayMs, callback }
    this.timers.add(timer)
    return () => this.timers.delete(timer)
  }

  advance(ms: number): void {
    const until = this.time + ms
    for (let due = this.#first(until); due !== undefined; due = this.#first(until)) {
      this.timers.delete(due)
      this.time = Math.max(this.time, due.at)
      due.callback()
    }
    this.time = until
  }

  #first(until: number) {
    return [...this.timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
  }
}

/** Wakes in the order of time; who wakes at the same time does so in any order. */
type Log = string[]

/** The same by looking at every sleeper at every millisecond. */
class Model {
  readonly log: Log = []
  readonly #at = new Map<number, number>()
  readonly #next: (sleeper: number) => number
  #time = 0

  constructor(next: (sleeper: number) => number) {
    this.#next = next
  }

  set(sleeper: number, at: number): void {
    this.#at.set(sleeper, Math.min(at, this.#at.get(sleeper) ?? NEVER))
  }

  delete(sleeper: number): void {
    this.#at.delete(sleeper)
  }

  /** What is due already is woken once time passes. */
  advance(ms: number): void {
    for (const until = this.#time + ms; ; this.#time++) {
      for (const [sleeper, at] of [...this.#at]) {
        if (at > this.#time) continue
        this.log.push(`${this.#time}: ${sleeper}`)
        this.#at.delete(sleeper)
        this.set(sleeper, this.#time + this.#next(sleeper))
      }
      if (this.#time === until) return
    }
  }

  get size(): number {
    return [...this.#at.values()].filter(Number.isFinite).length
  }
}

/** Gives each sleeper its delays in turn, then none. */
function delaysOf(delays: readonly number[]): (sleeper: number) => number {
  const used = new Map<number, number>()
  return (sleeper) => {
    const turn = (used.get(sleeper) ?? 0) + 1
    used.set(sleeper, turn)
    return delays[(sleeper * 7 + turn) % delays.length] ?? NEVER
  }
}

const queues: readonly (readonly [string, () => AlarmQueue])[] = [
  ['a list', () => new AlarmList()],
  ['a heap', () => new AlarmHeap()],
]

describe.each(queues)('alarms in %s', (_, newQueue) => {
  it('wake whom a look at every millisecond would wake, with one timer', () => {
    const sleeper = fc.nat(9)
    const command = fc.oneof(
      fc.record({ set: sleeper, in: fc.integer({ min: -5, max: 60 }) }),
      fc.record({ set: sleeper, in: fc.integer({ min: -5, max: 60 }) }),
      fc.record({ delete: sleeper }),
      fc.record({ advance: fc.nat(40) }),
    )
    const delay = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constant(NEVER))
    fc.assert(
      fc.property(
        fc.array(command, { maxLength: 60, size: 'max' }),
        fc.array(delay, { minLength: 1, maxLength: 5 }),
        (commands, delays) => {
          const clock = new Clock()
          const alarms = new Alarms(clock, newQueue())
          const next = delaysOf(delays)
          const log: Log = []
          const sleepers = Array.from(
            { length: 10 },
            (_, index): Sleeper => ({
              wake(now) {
                log.push(`${now}: ${index}`)
                return now + next(index)
              },
            }),
          )
          const model = new Model(delaysOf(delays))
          for (const command of commands) {
            if ('set' in command) {
              alarms.set(sleepers[command.set] as Sleeper, clock.time + command.in)
              model.set(command.set, clock.time + command.in)
            } else if ('delete' in command) {
              alarms.delete(sleepers[command.delete] as Sleeper)
              model.delete(command.delete)
            } else {
              clock.advance(command.advance)
              model.advance(command.advance)
            }
            expect(alarms.size).toBe(model.size)
            expect(clock.timers.size).toBeLessThanOrEqual(1)
            if (alarms.size === 0) expect(clock.timers.size).toBe(0)
          }
          expect(log.sort()).toEqual(model.log.sort())
        },
      ),
      { numRuns: 200 },
    )
  })

  it('wake nobody early, late or for nothing, whatever is set and deleted while others wake', () => {
    const turn = fc.record({ sleeper: fc.nat(5), in: fc.oneof(fc.integer({ min: -10, max: 30 }), fc.constant(NEVER)) })
    const change = fc.oneof(turn, fc.record({ sleeper: fc.nat(5) }))
    const wake = fc.record({ changes: fc.array(change, { maxLength: 3 }), again: turn })
    const wakes = fc.array(fc.array(wake, { maxLength: 4 }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), wakes, (changes, wakes) => {
        const clock = new Clock()
        const alarms = new Alarms(clock, newQueue())
        const due = new Map<number, number>()
        const forgotten = new Set<number>()
        const set = (index: number, at: number) => {
          if (at < (due.get(index) ?? NEVER)) due.set(index, at)
        }
        const make = (change: { readonly sleeper: number; readonly in?: number }) => {
          const sleeper = sleepers[change.sleeper] as Sleeper
          if (change.in === undefined) {
            alarms.delete(sleeper)
            due.delete(change.sleeper)
            forgotten.add(change.sleeper)
          } else {
            alarms.set(sleeper, clock.time + change.in)
            set(change.sleeper, clock.time + change.in)
          }
        }
        const sleepers = wakes.map((turns, index): Sleeper => {
          const left = turns.values()
          return {
            wake(now) {
              expect(due.get(index) ?? NEVER).toBeLessThanOrEqual(now)
              due.delete(index)
              forgotten.clear()
              const turn = left.next().value
              turn?.changes.forEach(make)
              const again = now + (turn?.again.in ?? NEVER)
              // Who was let go of meanwhile doesn't come back by what it says then.
              if (!forgotten.has(index)) set(index, Math.max(now + 1, again))
              return again
            },
          }
        })
        for (const change of changes) {
          make(change)
          for (let left = 7; left > 0; left--) {
            clock.advance(1)
            expect(Math.min(...due.values())).toBeGreaterThan(clock.time)
            expect([alarms.size, clock.timers.size]).toEqual([due.size, Math.min(due.size, 1)])
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('find out about a time that moved later when the earlier one is there, and set no timer for it before', () => {
    const clock = new Clock()
    const alarms = new Alarms(clock, newQueue())
    const woken: number[] = []
    const sleeper = { wake: (now: number) => (woken.push(now) === 1 ? 90 : NEVER) }
    alarms.set(sleeper, 50)
    const [timer] = clock.timers
    alarms.set(sleeper, 90)
    expect([...clock.timers]).toEqual([timer])
    clock.advance(200)
    expect(woken).toEqual([50, 90])
  })

  it('let a sleeper that always has something due neither stop the world nor the others', () => {
    const clock = new Clock()
    const alarms = new Alarms(clock, newQueue())
    let wakes = 0
    let others = 0
    alarms.set({ wake: (now) => now - ++wakes }, 0)
    alarms.set({ wake: () => NEVER + ++others }, 0)
    clock.advance(20)
    expect(wakes).toBeLessThanOrEqual(21)
    expect(others).toBe(1)
  })

  it('do not hold on to whom they forgot: no timer is left for nobody', () => {
    const clock = new Clock()
    const alarms = new Alarms(clock, newQueue())
    const sleepers = Array.from({ length: 1_000 }, () => ({ wake: () => NEVER }))
    for (const [index, sleeper] of sleepers.entries()) alarms.set(sleeper, index)
    for (const sleeper of sleepers) alarms.delete(sleeper)
    expect([alarms.size, clock.timers.size]).toEqual([0, 0])
  })

  it('wake again at a timer that came too early', () => {
    const clock = new Clock()
    const alarms = new Alarms(clock, newQueue())
    const woken: number[] = []
    alarms.set({ wake: (now) => NEVER + woken.push(now) }, 10)
    const [timer] = clock.timers
    clock.timers.clear()
    clock.time = 9.4
    timer?.callback()
    expect(woken).toEqual([])
    clock.advance(1)
    expect(woken).toEqual([10])
  })
})
