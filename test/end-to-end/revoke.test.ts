import { hotline, type Server, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import { connect, HELLO } from './raw-client.ts'

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

describe('a principal that is revoked', () => {
  it('is not let in by a hello behind a resume that was refused before', async () => {
    const router = hotline<object>().router({})
    await using server = await serve(router, {
      port: 0,
      logger: SILENT,
      authenticate: ({ auth }) => ({ principal: String(auth), context: {} }),
    })
    const client = await connect(server.port)
    const resume = { version: 1, auth: 'ann', session: 'gone', secret: 's'.repeat(43), generation: 1, received: 0 }
    client.say(['resume', resume])
    expect(await client.hear()).toMatchObject(['refused', { code: 'SESSION_LOST' }])
    server.revoke('ann')
    client.say(['hello', { ...HELLO, auth: 'ann' }])
    expect((await client.closed).code).toBe(1006)
    expect(client.transcript).toHaveLength(1)
  })

  it('has nothing begun any more: neither what stands behind in its frame, nor what waits in a middleware', async () => {
    const begun: string[] = []
    let pass = () => {}
    const passed = new Promise<void>((resolve) => {
      pass = resolve
    })
    const h = hotline<{ revoke(): void }>()
    const run = ({ path }: { readonly path: string }) => void begun.push(path)
    const router = h.router({
      leave: h.mutation(({ ctx }) => ctx.revoke()),
      run: h.mutation(run),
      watch: h.subscription(async function* (call) {
        yield run(call)
      }),
      guarded: h
        .use(async ({ next }) => {
          await passed
          return next()
        })
        .mutation(run),
    })
    await using server: Server<{ revoke(): void }> = await serve(router, {
      port: 0,
      logger: SILENT,
      authenticate: () => ({ principal: 'ann', context: { revoke: () => server.revoke('ann') } }),
    })
    const client = await connect(server.port)
    client.say(['hello', HELLO])
    await client.hear()
    client.say([1, 0, ['call', 1, 'guarded'], ['call', 3, 'guarded', null, { idempotencyKey: 'k' }]])
    client.say([3, 0, ['call', 5, 'leave'], ['call', 7, 'run'], ['call', 9, 'watch'], ['call', 11, 'guarded']])
    expect((await client.closed).code).toBe(1006)
    pass()
    await new Promise((resolve) => setImmediate(resolve))
    expect(begun).toEqual([])
  })
})
