import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from './error-code.ts'
import { HotlineError } from './hotline-error.ts'
import { mayRetry, retryDelay } from './retry.ts'

const never = new HotlineError('TIMEOUT')

describe('another attempt', () => {
  it('is made only for what may be gone by then, three times', () => {
    const passing = Object.keys(ERROR_CODES).filter((code) => mayRetry(2, new HotlineError(code, undefined)))
    expect(passing.sort()).toEqual([
      'INTERNAL',
      'QUEUE_FULL',
      'RESULT_DROPPED',
      'SESSION_LOST',
      'SLOW_CONSUMER',
      'TIMEOUT',
      'TOO_MANY_CALLS',
      'TOO_MANY_REQUESTS',
      'TOO_MANY_STREAMS',
    ])
    for (const code of passing) expect(mayRetry(3, new HotlineError(code, undefined))).toBe(code === 'TIMEOUT')
  })

  it('waits on for a line, but not for a handler that takes too long', () => {
    expect(mayRetry(1_000, never)).toBe(true)
    expect(mayRetry(0, new HotlineError('TIMEOUT', undefined, { mayHaveRun: true }))).toBe(false)
  })

  it('leaves alone what a procedure declares, and what is no error of a call', () => {
    expect(mayRetry(0, new HotlineError('LIST_FULL', { max: 3 }))).toBe(false)
    expect(mayRetry(0, new TypeError('a mistake'))).toBe(false)
  })
})

describe('between attempts', () => {
  it('waits a second, twice as long each time, 30 s at most', () => {
    expect([0, 1, 2, 3, 9].map((failures) => retryDelay(failures, never))).toEqual([1000, 2000, 4000, 8000, 30_000])
  })

  it('waits as long as the server asks for', () => {
    expect(retryDelay(0, new HotlineError('TOO_MANY_REQUESTS', { retryAfterMs: 45_000 }))).toBe(45_000)
    expect(retryDelay(1, new HotlineError('TOO_MANY_REQUESTS', { retryAfterMs: 5 }))).toBe(2000)
    const quarter = new HotlineError('TOO_MANY_REQUESTS', { retryAfterMs: 90 * 24 * 3_600_000 })
    expect(retryDelay(0, quarter), 'as a timer can hold it').toBe(2 ** 31 - 1)
  })
})
