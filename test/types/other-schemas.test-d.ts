import { type CallOptions, type Client, hotline } from '@hotline/core'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expectTypeOf, it } from 'vitest'

const h = hotline<object>()
const api = h.router({
  valibot: h
    .input(v.object({ a: v.optional(v.string()), n: v.pipe(v.string(), v.transform(Number)) }))
    .errors({ TOO_FEW: v.object({ min: v.number() }) })
    .query(({ input }) => input.n.toFixed()),
  arktype: h
    .input(type({ a: 'string', 'b?': 'number' }))
    .output(type({ a: 'string' }))
    .query(({ input }) => ({ a: input.a })),
})
declare const client: Client<typeof api>

describe('a Standard Schema other than zod', () => {
  it('may be of valibot, with both sides of a transform', () => {
    expectTypeOf(client.valibot).parameter(0).toEqualTypeOf<{ a?: string | undefined; n: string }>()
    expectTypeOf(client.valibot).returns.resolves.toEqualTypeOf<string>()
  })

  it('may be of arktype, whose schemas are functions', () => {
    expectTypeOf(client.arktype).toEqualTypeOf<
      (input: { a: string; b?: number }, options?: CallOptions) => Promise<{ a: string }>
    >()
  })
})
