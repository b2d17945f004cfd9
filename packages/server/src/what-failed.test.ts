import { HotlineError } from '@hotline/core'
import { describe, expect, it } from 'vitest'
import { whatFailed } from './what-failed.ts'

describe('the log of a failure', () => {
  it('names the procedure, where it was one', () => {
    expect(whatFailed({ path: undefined, error: 'gone' })).toBe('a connection failed')
    for (const error of [new Error('broken'), 'broken', new HotlineError('TIMEOUT')])
      expect(whatFailed({ path: 'todos.add', error })).toBe('"todos.add" failed')
  })

  it('says of an error that was thrown on purpose how its caller gets it', () => {
    expect(whatFailed({ path: 'todos.add', error: new HotlineError('LIST_FULL', { max: 3 }) })).toBe(
      '"todos.add" failed with LIST_FULL, which it doesn\'t declare, so its caller gets INTERNAL: .errors({ LIST_FULL: schema })',
    )
  })

  it('survives whatever was thrown', () => {
    const error = new Proxy(new HotlineError('LIST_FULL', undefined), {
      get: () => {
        throw new Error('trap')
      },
    })
    expect(whatFailed({ path: 'todos.add', error })).toBe('"todos.add" failed')
  })
})
