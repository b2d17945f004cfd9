import { hotline, type Invalidation, type StreamItemOf } from '@hotline/core'
import { describe, expectTypeOf, it } from 'vitest'
import { createCaller } from '../create-caller.ts'
import { type Invalidate, invalidations } from './invalidations.ts'

interface Context {
  readonly tenant: string
}

const changes = invalidations<Context>({ audience: (ctx) => ctx.tenant })
const root = hotline<Context>()
const h = root.use(changes.middleware)

describe('invalidations', () => {
  it('give handlers a typed ctx.invalidate beside what they had', () => {
    h.mutation(({ ctx }) => {
      expectTypeOf(ctx.invalidate).toEqualTypeOf<Invalidate>()
      expectTypeOf(ctx.tenant).toEqualTypeOf<string>()
      // @ts-expect-error a path is a string
      ctx.invalidate(1)
    })
  })

  it('are followed by a subscription of any builder with their context', () => {
    const api = root.router({ invalidated: h.subscription(changes.handler) })
    const caller = createCaller(api, { tenant: 'a' })
    expectTypeOf<StreamItemOf<typeof caller.invalidated>>().toEqualTypeOf<Invalidation>()
    // @ts-expect-error there is no tenant
    hotline<object>().subscription(changes.handler)
    // @ts-expect-error there is no tenant
    hotline<object>().use(changes.middleware)
  })
})
