import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { connectionOf, createClient, safe } from '@hotline/client'
import { type AuthenticateCall, HotlineError, hotline, type Infer, type ServerOptions, serve } from '@hotline/server'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { connect, greet, HELLO, type RawClient } from './raw-client.ts'
import { RecordingLogger } from './recording-logger.ts'

const h = hotline<{ user: string }>()
let runs = 0
const api = h.router({
  me: h.query(({ ctx }) => ctx.user),
  run: h.mutation(() => ++runs),
})
interface Api extends Infer<typeof api> {}
type Authenticate = NonNullable<ServerOptions<{ user: string }>['authenticate']>

async function serveWith(authenticate: Authenticate, authenticateTimeoutMs = 10_000) {
  const logger = new RecordingLogger()
  const server = await serve(api, { port: 0, logger, authenticate, limits: { authenticateTimeoutMs } })
  return { logger, server, port: server.port, [Symbol.asyncDispose]: () => server.close() }
}

const throwing = (thrown: unknown) => () => {
  throw thrown
}

/** Says hello, and a call behind it that must never run. */
async function sayHello(port: number | undefined): Promise<RawClient> {
  const client = await connect(port)
  client.say(['hello', { ...HELLO, auth: 'let me in' }], [1, 0, ['call', 1, 'run']])
  return client
}

describe('authenticate', () => {
  it('is asked once per connection, with what hello and the upgrade brought', async () => {
    const asked: AuthenticateCall[] = []
    await using served = await serveWith((call) => {
      asked.push(call)
      return { context: { user: String(call.auth) } }
    })
    const client = await connect(served.port, { headers: { cookie: 'a=1' }, origin: `http://localhost:${served.port}` })
    client.say(['hello', { ...HELLO, auth: 'ann' }], [1, 0, ['call', 1, 'me'], ['call', 3, 'me']])
    await client.hear()
    expect((await client.hear()).slice(2)).toEqual([
      ['result', 1, 'ann'],
      ['result', 3, 'ann'],
    ])
    expect(asked.map(({ auth, request }) => [auth, request.headers.cookie])).toEqual([['ann', 'a=1']])
  })

  it.each([
    ['UNAUTHORIZED', 4301],
    ['FORBIDDEN', 4403],
  ] as const)('refuses with %s: told by name, then closed with %i', async (code, closeCode) => {
    await using served = await serveWith(throwing(new HotlineError(code, undefined, { message: 'The token is old.' })))
    const client = await sayHello(served.port)
    expect(await client.hear()).toEqual(['refused', { code, message: 'The token is old.' }])
    expect(await client.closed).toEqual({ code: closeCode, reason: 'The token is old.' })
    expect(served.logger.at('error')).toEqual([])
    expect(runs).toBe(0)
  })

  it.each([
    ['an error', throwing(new Error('SELECT token'))],
    ['null', throwing(null)],
    ['another code', throwing(new HotlineError('CONFLICT', undefined, { message: 'SELECT token' }))],
    ['a rejection', () => Promise.reject(new Error('SELECT token'))],
    ['no identity', () => undefined as never],
    ['an identity without a context', () => ({}) as never],
    ['a principal that is no string', () => ({ principal: 7, context: { user: 'ann' } }) as never],
  ])('that fails with %s: closed with 1011, the reason in the log and nowhere else', async (_, authenticate) => {
    await using served = await serveWith(authenticate)
    const client = await sayHello(served.port)
    expect(await client.hear()).toMatchObject(['refused', { code: 'INTERNAL' }])
    const { code, reason } = await client.closed
    expect(code).toBe(1011)
    expect(client.transcript.join() + reason).not.toContain('SELECT')
    expect(served.logger.at('error')).toHaveLength(1)
    expect(runs).toBe(0)
  })

  it('H8: that gives what has run out already refuses: nothing runs, and the client asks for others once', async () => {
    const before = runs
    await using served = await serveWith(() => ({ context: { user: 'ann' }, expiresAt: Date.now() - 60_000 }))
    const raw = await sayHello(served.port)
    expect(await raw.hear()).toMatchObject(['refused', { code: 'UNAUTHORIZED' }])
    expect((await raw.closed).code).toBe(4301)
    let asked = 0
    const client = createClient<Api>({ url: `ws://localhost:${served.port}/rpc`, WebSocket, auth: () => ++asked })
    expect(await safe(client.run())).toMatchObject({ ok: false, error: { code: 'UNAUTHORIZED', mayHaveRun: false } })
    expect([connectionOf(client).state.name, asked, runs]).toEqual(['unauthenticated', 2, before])
  })

  it('H8: that never answers is given up: closed with 4311', async () => {
    await using served = await serveWith(() => new Promise(() => {}), 20)
    const client = await sayHello(served.port)
    expect(await client.closed).toEqual({ code: 4311, reason: '"authenticate" gave nothing within 20 ms.' })
    expect(served.server.size).toBe(0)
    expect(runs).toBe(0)
  })

  it.each([
    ['answers', (answer: Answer) => answer.resolve({ context: { user: 'ann' } })],
    ['fails', (answer: Answer) => answer.reject(new Error('too late'))],
  ])('H8: that %s after the socket has closed leaves nothing behind', async (_, settle) => {
    const { answer, authenticate, asked } = pending()
    await using served = await serveWith(authenticate)
    const client = await sayHello(served.port)
    const { request } = await asked
    client.socket.terminate()
    await once(request.socket, 'close')
    await setImmediate()
    expect(served.server.size).toBe(0)
    settle(answer)
    await setImmediate()
    expect(served.server.size).toBe(0)
    expect(runs).toBe(0)
  })

  it('H8: that answers after its deadline is not heard any more', async () => {
    const { answer, authenticate } = pending()
    await using served = await serveWith(authenticate, 20)
    const client = await sayHello(served.port)
    await client.closed
    answer.resolve({ context: { user: 'ann' } })
    await setImmediate()
    expect(client.transcript).toEqual([])
    expect(runs).toBe(0)
  })

  it('that refuses one connection has nothing to do with the others', async () => {
    await using served = await serveWith(({ auth }) => {
      if (auth !== 'ann') throw new HotlineError('UNAUTHORIZED', undefined)
      return { context: { user: 'ann' } }
    })
    const ann = await greet(served.port, { auth: 'ann' })
    expect((await (await sayHello(served.port)).closed).code).toBe(4301)
    ann.say([1, 0, ['call', 1, 'me']])
    expect((await ann.hear())[2]).toEqual(['result', 1, 'ann'])
  })
})

describe('a client that is refused', () => {
  it('asks for other credentials once, and gives up when they are refused too', async () => {
    await using served = await serveWith(throwing(new HotlineError('UNAUTHORIZED', undefined)))
    let asked = 0
    const client = createClient<Api>({ url: `ws://localhost:${served.port}/rpc`, WebSocket, auth: () => ++asked })
    expect(await safe(client.run())).toMatchObject({ ok: false, error: { code: 'UNAUTHORIZED', mayHaveRun: false } })
    expect(connectionOf(client).state.name).toBe('unauthenticated')
    expect(asked).toBe(2)
    connectionOf(client).close()
  })

  it('stays away when it was told to', async () => {
    await using served = await serveWith(throwing(new HotlineError('FORBIDDEN', undefined)))
    const client = createClient<Api>({ url: `ws://localhost:${served.port}/rpc`, WebSocket })
    expect(await safe(client.run())).toMatchObject({ ok: false, error: { code: 'NOT_SENT', mayHaveRun: false } })
    expect(connectionOf(client).state).toMatchObject({ name: 'closed' })
  })
})

interface Answer {
  resolve(identity: { context: { user: string } }): void
  reject(error: Error): void
}

/** An `authenticate` that answers when the test says so. */
function pending() {
  let tell: (call: AuthenticateCall) => void = () => {}
  const asked = new Promise<AuthenticateCall>((resolve) => {
    tell = resolve
  })
  let answer: Answer = { resolve: () => {}, reject: () => {} }
  const identity = new Promise<{ context: { user: string } }>((resolve, reject) => {
    answer = { resolve, reject }
  })
  const authenticate: Authenticate = (call) => {
    tell(call)
    return identity
  }
  return { answer, asked, authenticate }
}
