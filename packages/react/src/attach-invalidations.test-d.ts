import { type Client, hotline, type Infer, type InvalidatedPath } from '@hotline/core'
import { QueryClient } from '@tanstack/query-core'
import { describe, expectTypeOf, it } from 'vitest'
import { attachInvalidations } from './attach-invalidations.ts'
import type { QueryOptionsOf } from './query-options-of.ts'

/** What a server's `invalidations` give, in its own words. */
type Told =
  | { readonly paths: readonly { readonly path: string; readonly input?: unknown }[]; readonly all?: never }
  | { readonly all: true; readonly paths?: never }

const h = hotline<object>()
const router = h.router({
  list: h.query(() => ['milk']),
  count: h.subscription(async function* () {
    yield 1
  }),
  changes: h.subscription(async function* () {
    yield {} as Told
  }),
})
interface Api extends Infer<typeof router> {}
declare const hot: QueryOptionsOf<Client<Api>>
const queryClient = new QueryClient()

describe('attachInvalidations', () => {
  it('takes a subscription whose items say what is invalidated, and gives its undo', () => {
    const undo = attachInvalidations(queryClient, hot, hot.changes.subscriptionOptions())
    expectTypeOf(undo).toEqualTypeOf<() => void>()
  })

  it('takes no other stream, and no options of a query', () => {
    // @ts-expect-error its items are numbers
    attachInvalidations(queryClient, hot, hot.count.subscriptionOptions())
    // @ts-expect-error not a subscription
    attachInvalidations(queryClient, hot, hot.list.queryOptions())
  })

  it('takes the options of a whole API, and not the client', () => {
    // @ts-expect-error a client has no keys
    attachInvalidations(queryClient, {} as Client<Api>, hot.changes.subscriptionOptions())
  })

  it('tells of paths with any input', () => {
    expectTypeOf<InvalidatedPath>().toEqualTypeOf<{ readonly path: string; readonly input?: unknown }>()
  })
})
