import { hotline } from '@hotline/core'
import { describe, it } from 'vitest'
import { clientHandlers } from './client-handlers.ts'
import type { ClientOptions } from './options.ts'

const h = hotline<object>()
const authed = hotline<{ readonly user: string }>()

describe("a client's handlers", () => {
  it('are a router whose handlers need no context', () => {
    const named = h.use(({ next }) => next({ ctx: { name: 'page' } }))
    const options: ClientOptions = {
      url: '/rpc',
      handlers: clientHandlers(
        h.router({ ring: h.query(() => 1), deep: { name: named.query(({ ctx }) => ctx.name) } }),
      ),
    }
    void options
  })

  it('are refused where one needs a context, or is none', () => {
    // @ts-expect-error nobody is signed in at a client
    const needy = clientHandlers(authed.router({ who: authed.query(({ ctx }) => ctx.user) }))
    // @ts-expect-error a function is no procedure
    const bare = clientHandlers({ ring: () => 1 })
    void [needy, bare]
  })
})
