import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import type { Client } from './client-type.ts'
import type { ErrorCode, StandardErrors } from './error-code.ts'
import { hotline } from './hotline.ts'
import { type HotlineError, isHotlineError } from './hotline-error.ts'
import { isErrorOf } from './is-error-of.ts'
import { safe } from './safe.ts'

const h = hotline<object>()
const api = h.router({
  add: h
    .errors({ NO_ACCESS: z.undefined() })
    .input(z.object({ title: z.string() }))
    .errors({ LIST_FULL: z.object({ max: z.number() }) })
    .mutation(({ input }) => ({ id: '1', title: input.title })),
  list: h.query(() => ['a']),
  changes: h.errors({ GONE: z.string() }).subscription(async function* () {
    yield 1
  }),
})
declare const client: Client<typeof api>
const add = () => client.add({ title: '' })

describe('safe', () => {
  it('gives the result when the call went well', async () => {
    const reply = await safe(add())
    if (reply.ok) expectTypeOf(reply.data).toEqualTypeOf<{ id: string; title: string }>()
  })

  it('gives the declared errors by code, each with its data, also those declared further out', async () => {
    const reply = await safe(add())
    if (reply.ok) return
    if (reply.error.code === 'LIST_FULL') expectTypeOf(reply.error.data).toEqualTypeOf<{ max: number }>()
    if (isHotlineError(reply.error, 'LIST_FULL')) expectTypeOf(reply.error.data).toEqualTypeOf<{ max: number }>()
    if (isHotlineError(reply.error, 'NO_ACCESS')) expectTypeOf(reply.error.data).toEqualTypeOf<undefined>()
  })

  it("gives Hotline's own errors too, and knows their data", async () => {
    const reply = await safe(add())
    if (reply.ok) return
    if (reply.error.code === 'INTERNAL') expectTypeOf(reply.error.data).toEqualTypeOf<StandardErrors['INTERNAL']>()
    if (reply.error.code === 'BAD_INPUT') expectTypeOf(reply.error.data.issues[0]).not.toBeAny()
  })

  it('gives no other codes', async () => {
    const reply = await safe(client.list())
    if (reply.ok) return
    expectTypeOf(reply.error.code).toEqualTypeOf<ErrorCode>()
    // @ts-expect-error list declares no errors
    reply.error.code === 'LIST_FULL'
  })

  it('takes the promise of a stream', async () => {
    const reply = await safe(client.changes())
    if (reply.ok) expectTypeOf(reply.data).toExtend<AsyncIterable<number>>()
    if (!reply.ok && reply.error.code === 'GONE') expectTypeOf(reply.error.data).toEqualTypeOf<string>()
  })
})

describe('isErrorOf', () => {
  it('types what a catch has caught by the procedure that was called', () => {
    const caught: unknown = undefined
    if (isErrorOf(client.add, caught, 'LIST_FULL')) {
      expectTypeOf(caught).toEqualTypeOf<HotlineError<'LIST_FULL', { max: number }>>()
    }
  })

  it('takes only codes that the procedure declares', () => {
    // @ts-expect-error add declares no such code
    isErrorOf(client.add, undefined, 'NOPE')
    // @ts-expect-error list declares none
    isErrorOf(client.list, undefined, 'LIST_FULL')
  })
})
