import { hotline, serve } from '@hotline/server'
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
})
