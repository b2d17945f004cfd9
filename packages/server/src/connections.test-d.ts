import { type Client, type HotlineError, hotline, type Infer, safe } from '@hotline/core'
import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { serve } from './serve.ts'
import type { Server } from './server.ts'

const page = hotline<object>()
const handlers = page.router({
  confirm: page
    .input(z.object({ text: z.string() }))
    .errors({ BUSY: z.object({ until: z.number() }) })
    .mutation(() => true),
  clicks: page.subscription(async function* () {
    yield 1
  }),
})
interface ClientApi extends Infer<typeof handlers> {}

interface Context {
  readonly user: string
}

const h = hotline<Context, ClientApi>()
const api = h.router({
  drop: h.mutation(async ({ client, signal }) => {
    expectTypeOf(client).toEqualTypeOf<Client<ClientApi>>()
    // @ts-expect-error the text is missing
    client.confirm({})
    // @ts-expect-error no client has it
    client.nowhere()
    return client.confirm({ text: 'sure?' }, { signal, timeoutMs: 60_000 })
  }),
})
declare const server: Server<Context>

describe('a client that serves', () => {
  it('is called through what its router declares, from a handler and from outside', async () => {
    expectTypeOf(serve(api, { port: 0, authenticate: () => ({ context: { user: 'ann' } }) })).resolves.toEqualTypeOf<
      Server<Context>
    >()
    const [connection] = server.connections.of<ClientApi>('ann')
    expectTypeOf(connection?.client).toEqualTypeOf<Client<ClientApi> | undefined>()
    expectTypeOf(connection?.context).toEqualTypeOf<Context | undefined>()
    for (const { client } of server.connections.all<ClientApi>()) {
      const reply = await safe(client.confirm({ text: 'sure?' }))
      if (reply.ok) expectTypeOf(reply.data).toEqualTypeOf<boolean>()
      else if (reply.error.code === 'BUSY')
        expectTypeOf(reply.error).toExtend<HotlineError<'BUSY', { readonly until: number }>>()
      for await (const click of await client.clicks()) expectTypeOf(click).toEqualTypeOf<number>()
      // @ts-expect-error no client has it
      client.nowhere()
    }
  })

  it('has no procedures where nobody says which', () => {
    // @ts-expect-error nobody has said so
    server.connections.all()[0]?.client.confirm({ text: 'sure?' })
    hotline<Context>().query(({ client }) => {
      // @ts-expect-error nor here
      client.confirm({ text: 'sure?' })
    })
  })
})
