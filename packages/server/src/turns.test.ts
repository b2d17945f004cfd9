import { expect, test } from 'vitest'
import { InTurn } from './in-turn.ts'
import { Turns } from './turns.ts'

/** An event loop whose turns end when they are told to, and whose time is what work takes. */
function setUp() {
  let now = 0
  let deferred: (() => void)[] = []
  const turns = new Turns({ now: () => now, defer: (callback) => deferred.push(callback) })
  const nextTurn = () => {
    const due = deferred
    deferred = []
    for (const callback of due) callback()
  }
  const done: string[] = []
  /** A client each of whose messages takes `ms`. */
  const client = (name: string, ms: number) => {
    const reading: boolean[] = []
    const listener = {
      message: (frame: string | Uint8Array) => {
        now += ms
        done.push(`${name}${frame}`)
      },
      controlFrame: () => done.push(`${name} ping`),
      closed: (code: number) => done.push(`${name} closed ${code}`),
      end: (close: string) => done.push(`${name} ended ${close}`),
    }
    const inTurn = new InTurn(turns, { pauseReading: (paused) => reading.push(!paused) }, listener)
    return { inTurn, reading }
  }
  return { turns, client, done, nextTurn, isIdle: () => deferred.length === 0 }
}

test('what there is time for is told at once', () => {
  const { client, done, nextTurn } = setUp()
  const { inTurn, reading } = client('a', 1)
  for (let n = 0; n < 5; n++) inTurn.message(String(n))
  nextTurn()
  inTurn.message('5')
  expect(done).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5'])
  expect([inTurn.isWaiting, reading]).toEqual([false, []])
})

test('what comes when the turn is over waits in order, a message of each client in its turn, and nobody reads on meanwhile', () => {
  const { client, done, nextTurn, isIdle } = setUp()
  const busy = client('a', 6)
  const quick = client('b', 0)
  for (let n = 0; n < 5; n++) busy.inTurn.message(String(n))
  quick.inTurn.message('0')
  quick.inTurn.controlFrame()
  expect(done).toEqual(['a0', 'a1'])
  expect([busy.reading, quick.reading]).toEqual([[false], [false]])
  nextTurn()
  expect(done.slice(2)).toEqual(['a2', 'b0', 'a3'])
  nextTurn()
  expect(done.slice(5)).toEqual(['b ping', 'a4'])
  expect([busy.reading, quick.reading]).toEqual([
    [false, true],
    [false, true],
  ])
  nextTurn()
  expect(isIdle()).toBe(true)
})

test('who comes anew goes before who was served already', () => {
  const { client, done, nextTurn } = setUp()
  const busy = client('a', 10)
  for (let n = 0; n < 4; n++) busy.inTurn.message(String(n))
  nextTurn()
  const other = client('b', 10)
  other.inTurn.message('0')
  nextTurn()
  nextTurn()
  expect(done).toEqual(['a0', 'a1', 'b0', 'a2'])
})

test('what waits although nothing has come is done in the next turn', () => {
  const { turns, done, nextTurn } = setUp()
  turns.wait({
    step() {
      done.push('late')
      return false
    },
  })
  expect(done).toEqual([])
  nextTurn()
  expect(done).toEqual(['late'])
})

test('a close is told behind the messages before it', () => {
  const { client, done, nextTurn } = setUp()
  const { inTurn } = client('a', 10)
  inTurn.message('0')
  inTurn.message('1')
  inTurn.closed(1000, '')
  expect(done).toEqual(['a0'])
  nextTurn()
  nextTurn()
  expect(done).toEqual(['a0', 'a1', 'a closed 1000'])
})
