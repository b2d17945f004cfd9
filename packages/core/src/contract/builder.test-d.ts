import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import type { Empty } from './declared.ts'
import type { Next } from './handler-call.ts'
import { hotline } from './hotline.ts'
import type { Procedure } from './procedure.ts'
import type { Stream } from './stream.ts'
import { tracked } from './tracked.ts'

interface User {
  readonly id: string
  readonly name: string
}
interface ClientRoutes {
  readonly notify: { readonly show: Procedure<(input: { text: string }) => Promise<boolean>> }
}

const h = hotline<{ user: User | null; token: string }, ClientRoutes>()

describe('a handler', () => {
  it('gets its input as the schema gives it, transformed', () => {
    h.input(z.object({ title: z.string(), n: z.string().transform(Number) })).mutation(({ input }) => {
      expectTypeOf(input).toEqualTypeOf<{ title: string; n: number }>()
    })
  })

  it('gets undefined where no input is declared', () => {
    h.query(({ input }) => {
      expectTypeOf(input).toEqualTypeOf<undefined>()
    })
  })

  it('gets the context that authentication gives', () => {
    h.query(({ ctx }) => {
      expectTypeOf(ctx).toEqualTypeOf<{ user: User | null; token: string }>()
    })
  })

  it('gets what every call carries', () => {
    h.query(({ signal, headers, path, lastEventId }) => {
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
      expectTypeOf(headers).toEqualTypeOf<Readonly<Record<string, string>>>()
      expectTypeOf(path).toEqualTypeOf<string>()
      expectTypeOf(lastEventId).toEqualTypeOf<string | undefined>()
    })
  })

  it('gets its meta as it was written', () => {
    h.meta({ role: 'editor' }).query(({ meta }) => {
      expectTypeOf(meta).toEqualTypeOf<{ readonly role: 'editor' }>()
    })
  })

  it('calls the routes that its client serves', () => {
    h.query(({ client }) => {
      expectTypeOf(client.notify.show).toEqualTypeOf<(input: { text: string }) => Promise<boolean>>()
    })
  })

  it('reads the items that the caller streams in as their schema gives them', () => {
    h.items(z.object({ at: z.coerce.date() })).mutation(async ({ items }) => {
      for await (const row of items) expectTypeOf(row).toEqualTypeOf<{ at: Date }>()
    })
  })

  it('makes only errors that were declared, with data that fits', () => {
    h.errors({ LIST_FULL: z.object({ max: z.number() }), NO_ACCESS: z.undefined() }).mutation(({ errors }) => {
      expectTypeOf(errors.LIST_FULL({ max: 1 }).data).toEqualTypeOf<{ max: number }>()
      expectTypeOf(errors.NO_ACCESS().code).toEqualTypeOf<'NO_ACCESS'>()
      // @ts-expect-error the data has another type
      errors.LIST_FULL({ max: 'x' })
      // @ts-expect-error the data is missing
      errors.LIST_FULL()
      // @ts-expect-error the code is not declared
      errors.OTHER
    })
  })

  it('must return what fits the output schema', () => {
    const choice = h.output(z.object({ kind: z.enum(['a', 'b']) }))
    choice.query(() => ({ kind: 'a' }))
    // @ts-expect-error 'c' is no kind
    choice.query(() => ({ kind: 'c' }))
    // @ts-expect-error nor in an item of a stream
    choice.subscription(async function* () {
      yield { kind: 'c' as const }
    })
  })
})

describe('middleware', () => {
  const authed = h.use(({ ctx, next }) => {
    if (ctx.user === null) throw new Error('nobody')
    return next({ ctx: { user: ctx.user } })
  })

  it('narrows the context of what comes after', () => {
    authed.query(({ ctx }) => {
      expectTypeOf(ctx.user).toEqualTypeOf<User>()
      expectTypeOf(ctx.token).toEqualTypeOf<string>()
    })
  })

  it('leaves the context as it was when it adds nothing', () => {
    const timed = authed.use(async ({ next }) => {
      const answer = await next()
      return answer
    })
    timed.query(({ ctx }) => {
      expectTypeOf(ctx.user).toEqualTypeOf<User>()
    })
  })

  it('throws the errors declared before it', () => {
    h.errors({ NO_ACCESS: z.undefined() }).use(({ errors, next }) => {
      if (Math.random() > 1) throw errors.NO_ACCESS()
      return next()
    })
  })

  it('knows the path and kind, and not the input, which is not checked yet', () => {
    h.use((call) => {
      expectTypeOf(call.path).toEqualTypeOf<string>()
      expectTypeOf(call.kind).toEqualTypeOf<'query' | 'mutation' | 'subscription'>()
      expectTypeOf(call).not.toHaveProperty('input')
      return call.next()
    })
  })

  it('may be written apart, asking only for what it uses', () => {
    const named = ({ path, next }: { path: string; next(): Promise<Next<Empty>> }) => (path === '' ? next() : next())
    h.use(named).query(({ ctx }) => {
      expectTypeOf(ctx.token).toEqualTypeOf<string>()
    })
  })

  it('has to hand back what next gave', () => {
    // @ts-expect-error nothing is returned
    h.use(async ({ next }) => {
      await next()
    })
  })
})

describe('a procedure', () => {
  it('is spelled out in hovers as the call that a client makes and the context it needs', () => {
    const add = h.input(z.object({ title: z.string() })).mutation(async ({ input }) => input.title)
    expectTypeOf(add).toEqualTypeOf<
      Procedure<
        (input: { title: string }, options?: import('./call.ts').CallOptions) => Promise<string>,
        { user: User | null; token: string }
      >
    >()
  })

  it('gives what the handler returns, awaited', () => {
    const ping = h.query(() => 'pong' as const)
    expectTypeOf(ping).toExtend<Procedure<() => Promise<'pong'>>>()
  })

  it('gives the output schema where there is one, and not the rest of what was returned', () => {
    const choice = h.output(z.object({ kind: z.enum(['a', 'b']) })).query(() => ({ kind: 'a', extra: 1 }))
    expectTypeOf(choice).toExtend<Procedure<() => Promise<{ kind: 'a' | 'b' }>>>()
  })

  it('streams the values of tracked items', () => {
    const changes = h.subscription(async function* () {
      yield tracked('1', { type: 'added' as const })
      return { total: 2 }
    })
    expectTypeOf(changes).toExtend<Procedure<() => Promise<Stream<{ type: 'added' }, { total: number }>>>>()
  })

  it('keeps the context it needs through middleware', () => {
    const deep = h.use(({ next }) => next({ ctx: { extra: 1 } })).query(() => 1)
    expectTypeOf(deep).toExtend<Procedure<unknown, { user: User | null; token: string }>>()
    expectTypeOf(deep).not.toExtend<Procedure<unknown, { user: null }>>()
  })
})

describe('errors', () => {
  it('may not use a code of Hotline', () => {
    // @ts-expect-error NOT_FOUND may be thrown without being declared
    expectTypeOf(h.errors).toBeCallableWith({ NOT_FOUND: z.undefined() })
  })

  it('take schemas only', () => {
    // @ts-expect-error a number is no schema
    expectTypeOf(h.errors).toBeCallableWith({ LIST_FULL: 1 })
  })
})
