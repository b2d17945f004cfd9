import { HotlineError } from '@hotline/core'
import { describe, expect, it } from 'vitest'
import { checkIdentity, refusalIn } from './identity.ts'

const AT_ZERO = { epochNow: 0, now: 0, askedAt: 0 }

describe('an identity', () => {
  it('is a context, with a principal or without', () => {
    const context = { user: 'ann' }
    expect(checkIdentity({ context }, AT_ZERO)).toEqual({
      principal: undefined,
      context,
      askedAt: 0,
      givenAt: 0,
      expiresAt: Number.POSITIVE_INFINITY,
    })
    expect(checkIdentity({ principal: 'ann', context }, AT_ZERO)).toMatchObject({ principal: 'ann', context })
    expect(checkIdentity({ context: undefined }, AT_ZERO)).toMatchObject({ context: undefined })
  })

  it.each([
    ['a date', new Date(5_000), 4_000],
    ['milliseconds', 5_000, 4_000],
    ['what has run out', 500, 0],
    ['what never does', Number.POSITIVE_INFINITY, 2_147_483_647],
  ])('may run out at %s', (_, expiresAt, expiresInMs) => {
    const identity = checkIdentity({ context: {}, expiresAt }, { epochNow: 1_000, now: 50, askedAt: 40 })
    expect(identity).toMatchObject({ expiresAt: 50 + expiresInMs })
  })

  it.each([
    ['nothing', undefined, '"authenticate" gave undefined: return { principal, context }'],
    ['null', null, '"authenticate" gave null: return'],
    ['true', true, '"authenticate" gave boolean: return'],
    ['a bare user', { id: 1 }, '"authenticate" gave object: return'],
    [
      'a principal that is no text',
      { principal: 7, context: {} },
      'a principal of type number: name it by one string.',
    ],
    ['an expiry that is no time', { context: {}, expiresAt: '2030' }, 'an expiresAt of type string: give a Date'],
    [
      'an expiry that is no date',
      { context: {}, expiresAt: new Date('x') },
      'an expiresAt of type object: give a Date',
    ],
    [
      'an expiry in seconds',
      { context: {}, expiresAt: 1_769_860_800 },
      'the expiresAt 1769860800, which is in 1970: give milliseconds as Date.now() counts, 1000 * exp of a JWT.',
    ],
    ['a date in seconds', { context: {}, expiresAt: new Date(1_769_860_800) }, 'which is in 1970: give milliseconds'],
  ])('is not %s', (_, given, message) => {
    expect(() => checkIdentity(given, AT_ZERO)).toThrow(message)
  })
})

describe('what authenticate throws', () => {
  it.each([
    ['UNAUTHORIZED', 'CREDENTIALS'],
    ['FORBIDDEN', 'FORBIDDEN'],
  ])('refuses with %s, which closes as %s', (code, close) => {
    const error = new HotlineError<string, unknown>(code, undefined)
    expect(refusalIn(error, undefined)).toEqual({ close, code, message: error.message })
  })

  it('X19: refuses with the beginning of an endless message, and with nothing but it', () => {
    const error = new HotlineError('FORBIDDEN', undefined, {
      message: 'x'.repeat(1_000_000),
      cause: new Error('secret'),
    })
    expect(refusalIn(error, undefined)).toEqual({ close: 'FORBIDDEN', code: 'FORBIDDEN', message: 'x'.repeat(512) })
  })

  it.each([
    ['another code', new HotlineError('NOT_FOUND')],
    ['a name of every object', new HotlineError<string, unknown>('constructor', undefined)],
    ['a plain error', new Error('UNAUTHORIZED')],
    ['text', 'UNAUTHORIZED'],
    ['nothing', undefined],
    ['null', null],
  ])('is a failure of the server where it is %s', (_, thrown) => {
    expect(refusalIn(thrown, undefined)).toBeUndefined()
  })

  it('H8, D12: is a failure of the server where it throws at every touch', () => {
    const trap = () => {
      throw new Error('a trap')
    }
    expect(refusalIn(new Proxy({}, { get: trap, has: trap }), undefined)).toBeUndefined()
    const late = Object.defineProperty(new HotlineError('FORBIDDEN'), 'message', { get: trap })
    expect(refusalIn(late, undefined)).toBeUndefined()
  })
})
