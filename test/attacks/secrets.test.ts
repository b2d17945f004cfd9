import { inspect } from 'node:util'
import { type ClientOptions, connectionOf, createClient } from '@hotline/client'
import { type AuthenticateCall, HotlineError, hotline, type Infer, serve } from '@hotline/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'
import { connect, greet, HELLO } from '../end-to-end/raw-client.ts'
import { RecordingLogger } from '../end-to-end/recording-logger.ts'

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.c2VjcmV0IHRva2Vu.5ignature'

const h = hotline<{ user: string }>()
const api = h.router({
  who: h.query(({ ctx }) => ctx.user),
  broken: h.input(z.object({ a: z.number() })).mutation((): void => {
    throw new Error('the disk is full')
  }),
  ticks: h.subscription(async function* () {
    yield 1
    throw new Error('no more ticks')
  }),
})
interface Api extends Infer<typeof api> {}

/** Every way in which an application's check may end; the clumsy ones quote what they got. */
function authenticate({ auth }: AuthenticateCall) {
  const { token, end } = auth as { readonly token: string; readonly end: string }
  switch (end) {
    case 'refused':
      throw new HotlineError('UNAUTHORIZED', undefined, { message: `The token ${token} is not known.` })
    case 'forbidden':
      throw new HotlineError('FORBIDDEN', undefined, { message: `${token}: go away.`, cause: new Error(token) })
    case 'failed':
      throw new Error(`No user for ${token}`, { cause: new Error(token) })
    case 'request failed':
      throw Object.assign(new Error('401'), { config: { headers: { authorization: `Bearer ${token}` } } })
    case 'text':
      throw `No user for ${token}`
    case 'object':
      throw { token }
    case 'no identity':
      return undefined as never
    default:
      return { principal: 'ann', context: { user: 'ann' }, expiresAt: Date.now() + (end === 'short' ? 300 : 60_000) }
  }
}

/** Everything that a console would show. */
function listenToConsole(): unknown[] {
  const lines: unknown[] = []
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...said) => void lines.push(said))
  }
  return lines
}

afterEach(() => vi.restoreAllMocks())

/** A server at whose every output somebody listens, and what was heard. */
async function listening() {
  const logger = new RecordingLogger()
  const heard: unknown[] = [logger.lines, listenToConsole()]
  const server = await serve(api, { port: 0, logger, authenticate, onError: (failure) => heard.push(failure) })
  const invite = (options: Omit<ClientOptions, 'url'>) => {
    const client = createClient<Api>({ url: `ws://localhost:${server.port}/rpc`, WebSocket, ...options })
    const connection = connectionOf(client)
    connection.subscribe(() => heard.push(connection.state))
    return { client, connection }
  }
  const caught = (call: Promise<unknown>) => call.catch((error: unknown) => heard.push(error))
  return { server, logger, heard, invite, caught, text: () => inspect(heard, { depth: null, showHidden: true }) }
}

describe('the token of a client', () => {
  it.each(['refused', 'forbidden', 'failed', 'request failed', 'text', 'object', 'no identity'])(
    'X2: is in no log, error or state where the check ends with it: %s',
    async (end) => {
      const { server, logger, invite, caught, text } = await listening()
      const { client, connection } = invite({ auth: () => ({ token: TOKEN, end }) })
      const call = caught(client.who(undefined, { timeoutMs: 1_000 }))
      await vi.waitFor(() => expect(logger.lines.length).toBeGreaterThan(0))
      await vi.waitFor(() => expect(['waiting', 'unauthenticated', 'closed']).toContain(connection.state.name))
      connection.close()
      await call
      await server.close()
      expect(text()).not.toContain(TOKEN)
      expect(text()).not.toContain('5ignature')
    },
  )

  it('X2: is in none of them in a good run, nor are the secrets of the session: calls, failures, a cut, newer credentials', async () => {
    const { server, heard, invite, caught, text } = await listening()
    const said: string[] = []
    class Tapped extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols)
        this.on('message', (frame) => said.push(String(frame)))
      }
    }
    let asked = 0
    const { client, connection } = invite({
      WebSocket: Tapped,
      auth: () => ({ token: TOKEN, end: asked++ === 0 ? 'short' : 'good' }),
    })
    expect(await client.who()).toBe('ann')
    await caught(client.broken({ a: 1 }))
    await caught(client.broken({ a: 'x' } as never))
    const ticks = await client.ticks()
    await caught(ticks.result)
    await caught(
      (async () => {
        for await (const _ of ticks);
      })(),
    )
    // The short ones are renewed on the line.
    await vi.waitFor(() => expect(said.some((frame) => frame.startsWith('["reauthed"'))).toBe(true))
    expect(await client.who()).toBe('ann')
    heard.push(connection.stats(), server.stats(), server.connections.all(), inspect(client), String(client))
    connection.close()
    await caught(client.who())
    await server.close()
    const secrets = said.flatMap((frame) =>
      [...frame.matchAll(/"secret":"([^"]+)"/g)].map(([, secret]) => secret ?? ''),
    )
    expect(secrets.length).toBeGreaterThan(0)
    for (const secret of [TOKEN, ...secrets]) expect(text()).not.toContain(secret)
  })

  it('X2: is in no close reason and no log where a frame that breaks the grammar holds it', async () => {
    const { server, text, heard } = await listening()
    const auth = { token: TOKEN, end: 'good' }
    const broken: readonly (readonly unknown[])[] = [
      [TOKEN],
      [[TOKEN]],
      [1, 0, [TOKEN, 1]],
      [1, 0, ['call', TOKEN, 'who']],
      [1, 0, ['call', 1, TOKEN.repeat(9)]],
      [1, 0, ['call', 1, 'who', null, { headers: TOKEN }]],
      [1, 0, ['call', 1, 'who', null, { timeoutMs: TOKEN }]],
      [1, TOKEN, ['call', 1, 'who']],
      ['ack', TOKEN],
      ['reauth', TOKEN],
      ['bye', TOKEN],
      ['resume', { version: 1, session: TOKEN, secret: TOKEN, generation: TOKEN, received: 0, auth }],
      ['hello', { ...HELLO, auth, nonce: { token: TOKEN } }],
    ]
    for (const frame of broken) {
      const strangers = [await connect(server.port), await greet(server.port, { auth })]
      for (const stranger of strangers) {
        stranger.say(frame)
        const { code, reason } = await stranger.closed
        expect(code).toBeGreaterThanOrEqual(1000)
        heard.push(reason)
      }
    }
    const leaving = await greet(server.port, { auth })
    leaving.socket.close(1000, `\u001b[31m${TOKEN.slice(0, 60)}`)
    await leaving.closed
    await server.close()
    expect(text()).not.toContain(TOKEN)
  })

  it('X2: is not in the URL', async () => {
    const { server, invite } = await listening()
    const urls: string[] = []
    class Tapped extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols)
        urls.push(url)
      }
    }
    const { client, connection } = invite({ WebSocket: Tapped, auth: () => ({ token: TOKEN, end: 'good' }) })
    await client.who()
    connection.close()
    await server.close()
    expect(urls).toEqual([`ws://localhost:${server.port}/rpc`])
  })
})
