import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import type { Client } from './client-type.ts'
import { hotline } from './hotline.ts'
import type { HotlineError } from './hotline-error.ts'
import type { DeclaredErrorsOf, ErrorsOf, Infer, InputOf, OutputOf, StreamItemOf } from './infer.ts'
import type { Stream } from './stream.ts'

const h = hotline<object>()
const api = h.router({
  ping: h.query(() => 'pong' as const),
  todos: {
    add: h
      .input(z.object({ title: z.string(), n: z.string().transform(Number) }))
      .errors({ LIST_FULL: z.object({ max: z.number() }), NO_ACCESS: z.undefined() })
      .mutation(({ input }) => ({ id: '1', title: input.title })),
    changes: h.output(z.object({ kind: z.enum(['a', 'b']) })).subscription(async function* () {
      yield { kind: 'a' }
      return 1
    }),
  },
})
interface Api extends Infer<typeof api> {}
type Add = Api['todos']['add']
type ClientAdd = Client<Api>['todos']['add']

describe('what is inferred from a procedure', () => {
  it('InputOf is what a caller sends, before the schema transforms it', () => {
    expectTypeOf<InputOf<Add>>().toEqualTypeOf<{ title: string; n: string }>()
  })

  it('OutputOf is what a call resolves to', () => {
    expectTypeOf<OutputOf<Add>>().toEqualTypeOf<{ id: string; title: string }>()
    expectTypeOf<OutputOf<Api['ping']>>().toEqualTypeOf<'pong'>()
    expectTypeOf<OutputOf<Api['todos']['changes']>>().toEqualTypeOf<Stream<{ kind: 'a' | 'b' }, number>>()
  })

  it('StreamItemOf is what a subscription gives, and never for the others', () => {
    expectTypeOf<StreamItemOf<Api['todos']['changes']>>().toEqualTypeOf<{ kind: 'a' | 'b' }>()
    expectTypeOf<StreamItemOf<Add>>().toEqualTypeOf<never>()
  })

  it('ErrorsOf is the union of the declared errors, never where there are none', () => {
    expectTypeOf<ErrorsOf<Add>>().toEqualTypeOf<
      HotlineError<'LIST_FULL', { max: number }> | HotlineError<'NO_ACCESS', undefined>
    >()
    expectTypeOf<ErrorsOf<Api['ping']>>().toEqualTypeOf<never>()
    expectTypeOf<keyof DeclaredErrorsOf<Add>>().toEqualTypeOf<'LIST_FULL' | 'NO_ACCESS'>()
  })

  it('is the same when asked of the client', () => {
    expectTypeOf<InputOf<ClientAdd>>().toEqualTypeOf<InputOf<Add>>()
    expectTypeOf<OutputOf<ClientAdd>>().toEqualTypeOf<OutputOf<Add>>()
    expectTypeOf<ErrorsOf<ClientAdd>>().toEqualTypeOf<ErrorsOf<Add>>()
  })
})
