import { describe, expectTypeOf, it } from 'vitest'
import { hotline } from './hotline.ts'

const h = hotline<object>()
const one = h.query(() => 1)

describe('a router', () => {
  it('keeps the type of its routes', () => {
    const routes = { ping: one, deep: { er: { pong: one } } }
    expectTypeOf(h.router(routes)).toEqualTypeOf<typeof routes>()
  })

  it('refuses a reserved name and says so', () => {
    h.router({
      ok: one,
      // @ts-expect-error is reserved
      // biome-ignore lint/suspicious/noThenProperty: that it is refused is what is tested
      then: one,
    })
  })

  it('refuses reserved names at any depth, also those that every object inherits', () => {
    h.router({
      deep: {
        fine: one,
        // @ts-expect-error is reserved
        toString: one,
      },
    })
    h.router({
      // @ts-expect-error is reserved
      constructor: { x: one },
    })
  })

  it('refuses what is neither a procedure nor a group of them', () => {
    // @ts-expect-error a number is no route
    h.router({ deep: { notAProcedure: 1 } })
  })

  it('refuses a builder that was not ended', () => {
    // @ts-expect-error the last word is missing
    h.router({ add: h.idempotent() })
  })
})
