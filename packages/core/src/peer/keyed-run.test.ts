import { describe, expect, it } from 'vitest'
import { hotline } from '../contract/hotline.ts'
import { Invocation, NOTHING_CARRIED } from '../contract/invocation.ts'
import { Endpoint } from '../contract/procedure-table.ts'
import { type KeyedCall, KeyedRun, withId } from './keyed-run.ts'

const { definition } = hotline<object>().mutation(() => 1)

function keyedCall() {
  const leaving = new AbortController()
  const answers: string[] = []
  const call: KeyedCall = {
    key: { scope: 'ann', path: 'add', key: 'k' },
    invocation: new Invocation(new Endpoint('add', definition), undefined, { context: {} }, NOTHING_CARRIED),
    isAgain: false,
    inputText: '',
    signal: leaving.signal,
    report: () => {},
    answer: (text) => answers.push(text),
  }
  return { call, answers, leave: (reason: string) => leaving.abort(new Error(reason)) }
}

/** A run that two wait for. */
function setUp() {
  const [first, second] = [keyedCall(), keyedCall()]
  const run = new KeyedRun(first.call, 'hash')
  let ends = 0
  run.onEnd = () => ends++
  const wait = ({ call }: ReturnType<typeof keyedCall>) =>
    run.wait(call, (reason) => `left: ${(reason as Error).message}`)
  wait(first)
  wait(second)
  run.hasStarted = true
  return { run, first, second, wait, ends: () => ends }
}

describe('a run with a key', () => {
  it('answers each who waits once, and says that it has ended', () => {
    const { run, first, second, ends } = setUp()
    run.end('done')
    first.leave('late')
    expect([first.answers, second.answers, run.invocation.isAborted, ends()]).toEqual([['done'], ['done'], false, 1])
  })

  it('answers who leaves at once, while others wait, and never again', () => {
    const { run, first, second } = setUp()
    first.leave('cancelled')
    expect([first.answers, run.isDeserted, run.invocation.isAborted]).toEqual([['left: cancelled'], false, false])
    run.end('done')
    expect([first.answers, second.answers]).toEqual([['left: cancelled'], ['done']])
  })

  it('aborts with the reason of the last who leaves, and answers that one when it has ended', () => {
    const { run, first, second } = setUp()
    first.leave('cancelled')
    second.leave('out of time')
    expect([run.isDeserted, run.invocation.signal.reason]).toEqual([true, new Error('out of time')])
    expect(second.answers).toEqual([])
    run.end('done')
    expect([first.answers, second.answers]).toEqual([['left: cancelled'], ['left: out of time']])
  })

  it('answers who comes after it was aborted with what it ended with', () => {
    const { run, first, second, wait } = setUp()
    first.leave('cancelled')
    second.leave('cancelled')
    const third = keyedCall()
    wait(third)
    expect(run.isDeserted).toBe(false)
    run.end('done')
    expect(third.answers).toEqual(['done'])
  })

  it('aborts nothing before it has started', () => {
    const { run, first, second } = setUp()
    run.hasStarted = false
    first.leave('cancelled')
    second.leave('cancelled')
    expect([run.isDeserted, run.invocation.isAborted]).toEqual([true, false])
  })
})

describe('an answer', () => {
  it('gets its id in place of its own, whatever numbers it holds', () => {
    expect(withId('["result",0]', 7)).toBe('["result",7]')
    expect(withId('["result",0,0,{"meta":0}]', 10)).toBe('["result",10,0,{"meta":0}]')
    expect(withId('["error",0,{"code":"A,0","message":"$&,0"}]', 9)).toBe('["error",9,{"code":"A,0","message":"$&,0"}]')
  })
})
