import type { StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { badInput } from './bad-input.ts'
import { ERROR_CODES, type ErrorCode } from './error-code.ts'
import { type Failure, type FailureContext, toFailure } from './failure.ts'
import { HotlineError } from './hotline-error.ts'
import { slowConsumer } from './slow-consumer.ts'

const errors = {
  LIST_FULL: z.object({ max: z.number() }),
  GONE: z.undefined(),
  LATER: z.number().refine(async () => true),
}

const running: FailureContext = { definition: { errors }, mayHaveRun: true, newId: () => 'id-1' }

function failureOf(thrown: unknown, context: Partial<FailureContext> = {}): Failure {
  return toFailure(thrown, { ...running, ...context })
}

const INTERNAL = {
  code: 'INTERNAL',
  data: { id: 'id-1' },
  message: 'The procedure failed: see id-1 in its log.',
  mayHaveRun: true,
}

function cyclicError(): Error {
  const error = new Error('cyclic')
  error.cause = error
  return error
}

function trap(): never {
  throw new Error('a trap')
}

const getter = Object.defineProperty(new HotlineError('NOT_FOUND'), 'code', { get: trap })
const odd = Object.assign(new HotlineError('NOT_FOUND'), { message: { toString: trap } })
const proxy = new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap })

describe('a failure', () => {
  it('of a reader that was too slow crosses by its name, and only where we have found it so', () => {
    const { error, unexpected } = failureOf(slowConsumer('256 items waited for their reader'))
    expect(error).toMatchObject({
      code: 'SLOW_CONSUMER',
      data: undefined,
      message: 'The stream was ended because 256 items waited for their reader: read faster, or ask for fewer.',
      mayHaveRun: true,
    })
    expect(unexpected).toBeUndefined()
    expect(failureOf(new HotlineError('SLOW_CONSUMER')).error).toMatchObject(INTERNAL)
  })

  it.each([
    ['null', null],
    ['nothing', undefined],
    ['text', 'no'],
    ['a number', 7],
    ['a symbol', Symbol('no')],
    ['a function', trap],
    ['a plain error', new RangeError('SELECT * FROM users')],
    ['a frozen error', Object.freeze(new Error('frozen'))],
    ['an error that is its own cause', cyclicError()],
    ['a frozen object without a prototype', Object.freeze(Object.create(null))],
    ['what looks like an error of ours', { code: 'NOT_FOUND', message: 'no', data: undefined, mayHaveRun: false }],
    ['an error with an undeclared code', new HotlineError<string, unknown>('LIST_EMPTY', 1)],
    ['an error with a name of every object', new HotlineError<string, unknown>('constructor', 1)],
  ])('D12: of %s becomes INTERNAL with an id, and keeps the reason for the log', (_, thrown) => {
    const { error, unexpected } = failureOf(thrown)
    expect({ ...error, message: error.message }).toEqual(INTERNAL)
    expect(unexpected).toEqual({ id: 'id-1', reason: thrown })
    expect(unexpected?.reason).toBe(thrown)
  })

  it.each([
    ['a getter that throws', getter],
    ['a message that is no text', odd],
    ['a proxy that throws at every touch', proxy],
  ])('D12: of %s becomes INTERNAL, with the trap for the log', (_, thrown) => {
    const { error, unexpected } = failureOf(thrown)
    expect({ ...error, message: error.message }).toEqual(INTERNAL)
    expect(unexpected?.reason).toEqual(new Error('a trap'))
  })

  it('with a declared code crosses with its data', () => {
    const { error, unexpected } = failureOf(new HotlineError('LIST_FULL', { max: 3 }, { message: 'Full at 3.' }))
    expect({ ...error, message: error.message }).toEqual({
      code: 'LIST_FULL',
      data: { max: 3 },
      message: 'Full at 3.',
      mayHaveRun: true,
    })
    expect(unexpected).toBeUndefined()
    expect(failureOf(new HotlineError<string, unknown>('GONE', undefined)).error.code).toBe('GONE')
  })

  it('with an endless message crosses with the beginning of it', () => {
    const { error } = failureOf(new HotlineError('NOT_FOUND', undefined, { message: 'x'.repeat(2_000_000) }))
    expect([error.code, error.message.length]).toEqual(['NOT_FOUND', 2_048])
  })

  it('with data that its schema refuses becomes INTERNAL, and the log says why', () => {
    const { error, unexpected } = failureOf(new HotlineError('LIST_FULL', { max: 'three' }))
    expect(error.code).toBe('INTERNAL')
    expect(unexpected?.reason).toMatchObject({
      message: expect.stringContaining('The data of error LIST_FULL does not fit its schema: Invalid input'),
    })
  })

  it('whose schema answers later becomes INTERNAL, since an error has to leave at once', () => {
    const { error, unexpected } = failureOf(new HotlineError('LATER', 1))
    expect(error.code).toBe('INTERNAL')
    expect(unexpected?.reason).toBeInstanceOf(Error)
  })

  it('whose schema gives no result becomes INTERNAL: nobody has checked what its data has', () => {
    const validate = () => true as never
    const LIST_FULL: StandardSchemaV1 = { '~standard': { version: 1, vendor: 'by hand', validate } }
    const thrown = new HotlineError<string, unknown>('LIST_FULL', { max: 3, password: 'x' })
    const { error, unexpected } = failureOf(thrown, { definition: { errors: { LIST_FULL } } })
    expect(error).toMatchObject({ code: 'INTERNAL', data: { id: 'id-1' } })
    expect(unexpected?.reason).toMatchObject({ message: expect.stringContaining('gave true') })
  })

  it('X19: never takes stack, cause or other fields of what was thrown along', () => {
    const thrown = Object.assign(new HotlineError('FORBIDDEN', undefined, { cause: new Error('secret') }), { sql: 'x' })
    const { error } = failureOf(thrown)
    expect(error).not.toBe(thrown)
    expect(Object.keys(error).sort()).toEqual(['code', 'data', 'mayHaveRun'])
    expect('cause' in error).toBe(false)
  })
})

describe("a failure with one of Hotline's own codes", () => {
  const codes = Object.keys(ERROR_CODES) as ErrorCode[]
  const passes = ['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'TOO_MANY_REQUESTS']

  it.each(codes)('%s crosses from a handler only where anyone may throw it', (code) => {
    const thrown = new HotlineError<string, unknown>(code, undefined, { mayHaveRun: false })
    const { error } = failureOf(thrown)
    expect(error.code).toBe(passes.includes(code) ? code : 'INTERNAL')
    expect(error.mayHaveRun).toBe(true)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, '5'])('tells nobody to come back after %s ms', (retryAfterMs) => {
    const thrown = new HotlineError<string, unknown>('TOO_MANY_REQUESTS', { retryAfterMs })
    expect(failureOf(thrown).error).toMatchObject({ code: 'TOO_MANY_REQUESTS', data: undefined })
  })

  it.each(codes)(
    '%s crosses before the handler has begun under the same rule: a middleware may have thrown it',
    (code) => {
      const { error } = failureOf(new HotlineError<string, unknown>(code, undefined), { mayHaveRun: false })
      expect([error.code, error.mayHaveRun]).toEqual([passes.includes(code) ? code : 'INTERNAL', false])
    },
  )

  it('BAD_INPUT crosses with its issues where the input was refused, and nowhere else', () => {
    const refused = badInput([{ message: 'no', path: ['a'] }])
    expect(failureOf(refused, { mayHaveRun: false }).error).toMatchObject({
      code: 'BAD_INPUT',
      data: { issues: [{ message: 'no', path: ['a'] }] },
    })
    expect(failureOf(refused).error.code).toBe('INTERNAL')
  })

  it('X19: has no other data than its row of the table says', () => {
    const leak = { retryAfterMs: 5, sql: 'SELECT 1', cause: new Error('secret') }
    const dataOf = (code: string) => failureOf(new HotlineError<string, unknown>(code, leak)).error.data
    expect(passes.map(dataOf)).toEqual([undefined, undefined, undefined, undefined, { retryAfterMs: 5 }])
  })
})

describe('the data of a declared error', () => {
  it('X19: is as much of it as its schema knows', () => {
    const dataOf = (data: unknown) => failureOf(new HotlineError<string, unknown>('LIST_FULL', data)).error.data
    expect(dataOf({ max: 3, sql: 'SELECT 1' })).toEqual({ max: 3 })
    expect(dataOf(Object.assign(new Error('secret'), { max: 3 }))).toEqual({ max: 3 })
  })
})

describe('a server that exposes its errors', () => {
  const shown = (thrown: unknown) => failureOf(thrown, { exposesErrors: true }).error.data

  it('shows message and stack, with those of the causes', () => {
    const thrown = new Error('outer', { cause: new TypeError('inner') })
    expect(shown(thrown)).toEqual({
      id: 'id-1',
      thrown: {
        message: 'outer',
        stack: expect.stringMatching(/^Error: outer\n {4}at [\s\S]+\nCaused by: TypeError: inner/),
      },
    })
    expect(shown('text')).toEqual({ id: 'id-1', thrown: { message: 'text' } })
  })

  it('bounds what it shows, and shows anything', () => {
    for (const thrown of [new Error('x'.repeat(1_000_000)), cyclicError(), getter, odd, proxy, Object.create(null)]) {
      expect(JSON.stringify(shown(thrown)).length).toBeLessThan(20_000)
    }
  })
})
