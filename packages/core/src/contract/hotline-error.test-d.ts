import { describe, expectTypeOf, it } from 'vitest'
import { HotlineError, isHotlineError } from './hotline-error.ts'

describe('new HotlineError', () => {
  it('takes no data where the code carries none', () => {
    expectTypeOf(new HotlineError('NOT_FOUND')).toEqualTypeOf<HotlineError<'NOT_FOUND', undefined>>()
    new HotlineError('NOT_FOUND', undefined, { message: 'No such list.' })
  })

  it("holds Hotline's own codes to their data", () => {
    new HotlineError('INTERNAL', { id: '1' })
    // @ts-expect-error INTERNAL carries an id
    new HotlineError('INTERNAL')
    // @ts-expect-error of another type
    new HotlineError('INTERNAL', { id: 1 })
    // @ts-expect-error NOT_FOUND carries none
    new HotlineError('NOT_FOUND', { id: '1' })
  })

  it('may leave out data that may be undefined', () => {
    new HotlineError('TOO_MANY_REQUESTS')
    new HotlineError('TOO_MANY_REQUESTS', { retryAfterMs: 1000 })
  })

  it('infers the data of any other code', () => {
    expectTypeOf(new HotlineError('LIST_FULL', { max: 1 }).data).toEqualTypeOf<{ max: number }>()
  })
})

describe('isHotlineError', () => {
  const caught: unknown = undefined

  it('narrows anything caught', () => {
    if (isHotlineError(caught)) expectTypeOf(caught).toEqualTypeOf<HotlineError>()
  })

  it("knows the data of Hotline's own codes", () => {
    if (isHotlineError(caught, 'BAD_INPUT')) expectTypeOf(caught.data.issues.length).toEqualTypeOf<number>()
    if (isHotlineError(caught, 'NOT_FOUND')) expectTypeOf(caught.data).toEqualTypeOf<undefined>()
  })

  it('leaves the data of other codes unknown', () => {
    if (isHotlineError(caught, 'LIST_FULL')) expectTypeOf(caught.data).toEqualTypeOf<unknown>()
  })
})
