import { hotline } from '@hotline/core'
import { describe, expectTypeOf, it } from 'vitest'
import { recheck } from './recheck.ts'

const h = hotline<{ user: string | null }>()
const everyMs = 30_000

describe('a recheck', () => {
  it('knows the context as middleware has made it, and the newest as authentication gives it', () => {
    h.use(({ next }) => next({ ctx: { user: 'ann' } }))
      .use(
        recheck({
          everyMs,
          check: ({ ctx, connection, path }) => {
            expectTypeOf(ctx.user).toEqualTypeOf<string>()
            expectTypeOf(connection.context.user).toEqualTypeOf<string | null>()
            expectTypeOf(connection.principal).toEqualTypeOf<string | undefined>()
            expectTypeOf(path).toEqualTypeOf<string>()
            return true
          },
        }),
      )
      .subscription(async function* ({ ctx }) {
        expectTypeOf(ctx.user).toEqualTypeOf<string>()
        yield 1
      })
  })

  it('has to say yes', () => {
    h.use(recheck({ everyMs, check: async () => true }))
    // @ts-expect-error a check that says nothing would let everybody through
    h.use(recheck({ everyMs, check: () => {} }))
    // @ts-expect-error nor may it say it late
    h.use(recheck({ everyMs, check: async () => {} }))
  })
})
