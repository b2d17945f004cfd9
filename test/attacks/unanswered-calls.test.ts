import { connectionOf, createClient } from '@hotline/client'
import { hotline, type Procedure, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { greet } from '../end-to-end/raw-client.ts'
import { keptBytes } from './fixture/kept-bytes.ts'

interface Heard {
  readonly hear: Procedure<(text: string, options?: { readonly timeoutMs?: number }) => Promise<unknown>>
}

const CALLS = 200
const CHARACTERS = 50_000

/** Calls one after the other, each with a text of its own, that are given up at once. */
async function callInVain({ hear }: { hear(text: string, options: object): Promise<unknown> }): Promise<void> {
  for (let n = 0; n < CALLS; n++) await hear('x'.repeat(CHARACTERS) + n, { timeoutMs: 1 }).catch(() => {})
}

describe('calls that nobody answers', () => {
  it('F9: of a server hold no inputs once they are given up, and count for what they hold themselves', async () => {
    await using server = await serve(hotline<object>().router({}), { port: 0 })
    const deaf = await greet(server.port)
    deaf.socket.removeAllListeners('message')
    deaf.socket.on('message', (text) => {
      const [seq, , ...messages] = JSON.parse(String(text))
      if (typeof seq === 'number') deaf.say(['ack', seq + messages.length - 1])
    })
    const [connection] = server.connections.all<Heard>()
    if (connection === undefined) throw new Error('The client is not there.')
    const [kept, { held }] = [keptBytes(), server.stats()]
    await callInVain(connection.client)
    await expect.poll(() => server.stats().unacknowledged).toBe(0)
    const grown = keptBytes() - kept
    expect(grown).toBeLessThan((CALLS * CHARACTERS) / 5)
    const counted = server.stats().held - held
    expect(counted).toBeGreaterThan(CALLS * 250)
    deaf.socket.terminate()
    await expect.poll(() => server.size).toBe(0)
  })

  it('F8: of a client that is offline hold nothing', async () => {
    // Nothing listens there.
    const client = createClient<Heard>({ url: 'ws://127.0.0.1:1/rpc', WebSocket })
    const kept = keptBytes()
    await callInVain(client)
    expect(keptBytes() - kept).toBeLessThan((CALLS * CHARACTERS) / 5)
    connectionOf(client).close()
  })
})
