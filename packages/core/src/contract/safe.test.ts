import { describe, expect, it } from 'vitest'
import { HotlineError } from './hotline-error.ts'
import { isErrorOf } from './is-error-of.ts'
import { safe } from './safe.ts'

describe('safe', () => {
  it('gives the result of a call that went well', async () => {
    expect(await safe(Promise.resolve(1))).toEqual({ ok: true, data: 1 })
  })

  it('gives the error of a call that did not', async () => {
    const error = new HotlineError('NOT_FOUND')
    const reply = await safe(Promise.reject(error))
    expect(reply).toEqual({ ok: false, error })
  })

  it('throws on what no call rejects with: it is a mistake of the caller', async () => {
    const mistake = new TypeError('x is not a function')
    await expect(safe(Promise.reject(mistake))).rejects.toBe(mistake)
  })
})

describe('isErrorOf', () => {
  const procedure: (input: string) => Promise<number> & { readonly '~errors'?: { readonly FULL: number } } = () => {
    throw new Error('the witness is never called')
  }

  it('tells by the code alone', () => {
    expect(isErrorOf(procedure, new HotlineError('FULL', 1), 'FULL')).toBe(true)
    expect(isErrorOf(procedure, new HotlineError('GONE', 1), 'FULL')).toBe(false)
    expect(isErrorOf(procedure, new Error('FULL'), 'FULL')).toBe(false)
  })
})
