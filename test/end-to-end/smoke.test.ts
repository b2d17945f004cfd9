import { connectionOf, createClient, safe } from '@hotline/client'
import { hotline, type Infer, serve, tracked } from '@hotline/server'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'

const h = hotline<{ user: string }>()
const api = h.router({
  math: {
    add: h.input(z.object({ a: z.number(), b: z.number() })).query(({ input }) => input.a + input.b),
    when: h.input(z.date()).query(async ({ input, ctx }) => ({ at: input, by: ctx.user })),
    full: h.errors({ LIST_FULL: z.object({ max: z.number() }) }).mutation(({ errors }) => {
      throw errors.LIST_FULL({ max: 3 })
    }),
  },
  count: h.input(z.number()).subscription(async function* ({ input, lastEventId }) {
    for (let i = Number(lastEventId ?? 0); i < input; i++) yield tracked(String(i), { i })
    return 'done'
  }),
})
interface Api extends Infer<typeof api> {}

test('rings', async () => {
  const server = await serve(api, { port: 0, authenticate: ({ auth }) => ({ context: { user: String(auth) } }) })
  const client = createClient<Api>({ url: `ws://localhost:${server.port}/rpc`, WebSocket, auth: () => 'ann' })
  expect(await client.math.add({ a: 1, b: 2 })).toBe(3)
  const date = new Date()
  expect(await client.math.when(date)).toEqual({ at: date, by: 'ann' })
  expect(await safe(client.math.full())).toMatchObject({
    ok: false,
    error: { code: 'LIST_FULL', data: { max: 3 }, mayHaveRun: true },
  })
  expect(await safe(client.math.add({ a: 'x' } as never))).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } })
  const items: unknown[] = []
  const stream = await client.count(3)
  for await (const item of stream) items.push(item.i)
  expect(items).toEqual([0, 1, 2])
  expect(await stream.result).toBe('done')
  connectionOf(client).close()
  await server.close()
})
