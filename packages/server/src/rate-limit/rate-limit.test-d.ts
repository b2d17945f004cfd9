import { type Client, type HotlineError, hotline, isErrorOf, isHotlineError } from '@hotline/core'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { rateLimit } from './rate-limit.ts'

const h = hotline<{ tenant: string }>()
const limits = { points: 10, durationMs: 1_000 }

describe('a rate limit', () => {
  it('fits every builder, and changes nothing about its context', () => {
    hotline<object>()
      .use(rateLimit(limits))
      .query(() => 1)
    const limited = h
      .use(({ next }) => next({ ctx: { user: 'ann' } }))
      .use(rateLimit({ ...limits, by: ['principal', 'procedure'] }))
    limited
      .meta({ role: 'editor' })
      .input(z.string())
      .mutation(({ ctx, input }) => {
        expectTypeOf(ctx.tenant).toEqualTypeOf<string>()
        expectTypeOf(ctx.user).toEqualTypeOf<string>()
        expectTypeOf(input).toEqualTypeOf<string>()
      })
  })

  it('knows the context that its key is made of', () => {
    h.use(
      rateLimit({
        ...limits,
        by: ({ ctx, path }) => {
          expectTypeOf(ctx).toEqualTypeOf<{ tenant: string }>()
          return `${ctx.tenant} ${path}`
        },
      }),
    )
    // @ts-expect-error there is no such thing in this context
    h.use(rateLimit({ ...limits, by: ({ ctx }) => ctx.nobody }))
    // @ts-expect-error no such word
    h.use(rateLimit({ ...limits, by: 'user' }))
  })

  it('takes the limiters of the library, or its own numbers, not both', () => {
    h.use(rateLimit({ limiter: new RateLimiterMemory({ points: 1, duration: 1 }) }))
    h.use(
      rateLimit({
        limiter: new RateLimiterRedis({ storeClient: {}, points: 1, duration: 1 }),
        whenStoreFails: 'refuse',
      }),
    )
    // @ts-expect-error its points are the limiter's
    h.use(rateLimit({ limiter: new RateLimiterMemory({ points: 1, duration: 1 }), points: 5 }))
    // @ts-expect-error no duration
    h.use(rateLimit({ points: 5 }))
  })
})

describe('its error at a client', () => {
  const procedure = h.use(rateLimit(limits)).query(() => 1)
  const declares = h.errors({ FULL: z.object({ max: z.number() }) }).query(() => 1)
  type Routes = { one: typeof procedure; two: typeof declares }
  // Types alone: nothing of it runs.
  const client = {} as Client<Routes>
  const error = new Error() as unknown

  it('has the time to wait, by the code', () => {
    if (isErrorOf(client.one, error, 'TOO_MANY_REQUESTS')) {
      expectTypeOf(error).toEqualTypeOf<
        HotlineError<'TOO_MANY_REQUESTS', { readonly retryAfterMs: number } | undefined>
      >()
      expectTypeOf(error.data?.retryAfterMs).toEqualTypeOf<number | undefined>()
    }
    if (isErrorOf(client.two, error, 'TOO_MANY_REQUESTS'))
      expectTypeOf(error.data?.retryAfterMs).toEqualTypeOf<number | undefined>()
    if (isErrorOf(client.two, error, 'FULL')) expectTypeOf(error.data.max).toEqualTypeOf<number>()
    if (isHotlineError(error, 'TOO_MANY_REQUESTS'))
      expectTypeOf(error.data?.retryAfterMs).toEqualTypeOf<number | undefined>()
  })
})
