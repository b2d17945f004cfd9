import { describe, expectTypeOf, it } from 'vitest'
import type { Client } from './client-type.ts'
import { hotline } from './hotline.ts'
import type { Serves } from './serves.ts'

interface User {
  readonly id: string
}

const h = hotline<{ user: User | null; token: string }>()
const authed = h.use(({ ctx, next }) => {
  if (ctx.user === null) throw new Error('nobody')
  return next({ ctx: { user: ctx.user } })
})
const api = h.router({ ping: h.query(() => 1), deep: { add: authed.mutation(() => 2) } })

/** The shape of a function that needs a router together with its context. */
declare function serve<Context>(
  router: Serves<Context>,
  options: { authenticate(): Promise<{ readonly context: NoInfer<Context> }> },
): void
declare function createCaller<R, Context>(router: R & Serves<Context>, context: Context): Client<R>

describe('serving a router', () => {
  it('takes the context that its procedures start from, whatever middleware makes of it', () => {
    serve(api, { authenticate: async () => ({ context: { user: null, token: '' } }) })
  })

  it('refuses a context that lacks something', () => {
    // @ts-expect-error the token is missing
    serve(api, { authenticate: async () => ({ context: { user: null } }) })
    // @ts-expect-error the token is missing
    createCaller(api, { user: null })
  })

  it('gives a caller the same types as the client', () => {
    const caller = createCaller(api, { user: null, token: '' })
    expectTypeOf(caller).toEqualTypeOf<Client<typeof api>>()
  })
})
