import { describe, expect, it, vi } from 'vitest'
import { ERROR_CODES, isErrorCode, isThrowable } from './error-code.ts'
import { HotlineError, isHotlineError } from './hotline-error.ts'

describe('a HotlineError', () => {
  it('carries its code, data and what may have run', () => {
    const cause = new Error('inner')
    const error = new HotlineError('LIST_FULL', { max: 1 }, { message: 'Full.', mayHaveRun: true, cause })
    expect(error).toMatchObject({ code: 'LIST_FULL', data: { max: 1 }, message: 'Full.', mayHaveRun: true, cause })
  })

  it('says what its code means, and that nothing ran, where it was told nothing else', () => {
    const error = new HotlineError('CANCELLED')
    expect(error.message).toBe(ERROR_CODES.CANCELLED.message)
    expect(error.mayHaveRun).toBe(false)
    expect(error).not.toHaveProperty('cause')
  })

  it('has its code for a message where the code is not one of ours', () => {
    expect(new HotlineError('LIST_FULL', 1).message).toBe('LIST_FULL')
    expect(new HotlineError('toString', 1).message).toBe('toString')
  })

  it('is an Error whose stack begins with its name', () => {
    const error = new HotlineError('NOT_FOUND', undefined, { message: 'No such list.' })
    expect(error).toBeInstanceOf(Error)
    expect(error.stack).toMatch(/^HotlineError: No such list\./)
  })
})

describe('isHotlineError', () => {
  it('tells by the code', () => {
    const error = new HotlineError('NOT_FOUND')
    expect(isHotlineError(error)).toBe(true)
    expect(isHotlineError(error, 'NOT_FOUND')).toBe(true)
    expect(isHotlineError(error, 'CONFLICT')).toBe(false)
  })

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['a symbol', Symbol('x')],
    ['a string', 'NOT_FOUND'],
    ['another error', new Error('x')],
    ['what only looks like one', { name: 'HotlineError', code: 'NOT_FOUND' }],
  ])('says no to %s', (_, thrown) => {
    expect(isHotlineError(thrown)).toBe(false)
    expect(isHotlineError(thrown, 'NOT_FOUND')).toBe(false)
  })

  it('knows the errors of another copy of the package', async () => {
    vi.resetModules()
    const other = await import('./hotline-error.ts')
    expect(other.HotlineError).not.toBe(HotlineError)
    expect(isHotlineError(new other.HotlineError('NOT_FOUND'), 'NOT_FOUND')).toBe(true)
  })
})

describe('the table of codes', () => {
  it('lets a handler throw without declaring only what is about its request', () => {
    const throwable = Object.keys(ERROR_CODES).filter(isThrowable)
    expect(throwable).toEqual(['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'TOO_MANY_REQUESTS'])
  })

  it('knows no codes that objects inherit', () => {
    expect(isErrorCode('toString')).toBe(false)
    expect(isThrowable('constructor')).toBe(false)
  })

  it.each(Object.entries(ERROR_CODES))('has a sentence for %s', (_, { message }) => {
    expect(message).toMatch(/^[A-Z].{20,}\.$/)
  })
})
