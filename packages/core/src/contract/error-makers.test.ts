import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { errorMakers } from './error-makers.ts'

describe('the makers of declared errors', () => {
  const makers = errorMakers({ LIST_FULL: z.object({ max: z.number() }), GONE: z.undefined() })

  it('make an error of their code with the data given', () => {
    expect(makers.LIST_FULL?.({ max: 1 })).toMatchObject({ code: 'LIST_FULL', data: { max: 1 } })
    expect(makers.GONE?.()).toMatchObject({ code: 'GONE', data: undefined })
  })

  it('pass on a message and a cause', () => {
    const cause = new Error('inner')
    expect(makers.GONE?.(undefined, { message: 'It left.', cause })).toMatchObject({ message: 'It left.', cause })
  })

  it('are there for declared codes only', () => {
    expect(Object.keys(makers)).toEqual(['LIST_FULL', 'GONE'])
    expect(makers.OTHER).toBeUndefined()
  })
})
