import { connectionOf, createClient, safe } from '@hotline/client'
import { type AuthenticateCall, hotline, type Infer, serve } from '@hotline/server'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

interface Context {
  readonly token: string
}

const h = hotline<Context>()
const router = h.router({
  token: h.query(({ ctx }) => ctx.token),
  watch: h.subscription(async function* ({ ctx, connection, signal }) {
    for (let last = ''; !signal.aborted; await new Promise((resolve) => setImmediate(resolve))) {
      if (connection.context.token === last) continue
      last = connection.context.token
      yield { began: ctx.token, now: last }
    }
  }),
  wait: h.query(
    ({ signal }) =>
      new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve(String(signal.reason)))),
  ),
})
interface Api extends Infer<typeof router> {}

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: {
  holdsMs: (token: string) => number
  token: () => string
  principal?: (token: string) => string
}) {
  const sessions: string[] = []
  const authenticate = ({ auth }: AuthenticateCall) => {
    const token = String(auth)
    sessions.push(token)
    return {
      principal: options.principal?.(token) ?? 'ann',
      context: { token },
      expiresAt: Date.now() + options.holdsMs(token),
    }
  }
  const server = await serve(router, { port: 0, authenticate, logger: silent })
  const client = createClient<Api>({ url: `ws://127.0.0.1:${server.port}/rpc`, WebSocket, auth: options.token })
  closers.push(
    () => server.close(),
    () => connectionOf(client).close(),
  )
  return { server, client, sessions }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

function states(client: object): string[] {
  const seen: string[] = []
  const connection = connectionOf(client)
  connection.subscribe(() => seen.push(connection.state.name))
  return seen
}

describe('credentials that run out', () => {
  it('H4: are renewed on the live connection, and later calls are made with the newer ones', async () => {
    let asked = 0
    const { client } = await start({
      holdsMs: (token) => (token === 'token 1' ? 2_000 : 60_000),
      token: () => `token ${++asked}`,
    })
    expect(await client.token()).toBe('token 1')
    const seen = states(client)
    const watched: unknown[] = []
    const stream = await client.watch()
    stream.on({ next: (item) => watched.push(item) })
    await expect.poll(() => client.token()).toBe('token 2')
    await expect
      .poll(() => watched)
      .toEqual([
        { began: 'token 1', now: 'token 1' },
        { began: 'token 1', now: 'token 2' },
      ])
    expect(seen).not.toContain('waiting')
  })

  it('H4: end the connection where no newer ones come, and the session goes on with those of the next one', async () => {
    let asked = 0
    const token = () => {
      if (++asked === 2) throw new Error('the identity provider is down')
      return `token ${asked}`
    }
    const { client, sessions } = await start({ holdsMs: (given) => (given === 'token 1' ? 200 : 60_000), token })
    const waiting = safe(client.wait(undefined, { timeoutMs: 5_000 }))
    const connection = connectionOf(client)
    let reason = ''
    connection.subscribe(() => {
      if (connection.state.name === 'waiting') reason = connection.state.reason
    })
    await expect.poll(() => client.token()).toBe('token 3')
    expect(reason).toBe('The credentials ran out, and no newer ones came.')
    expect(sessions).toEqual(['token 1', 'token 3'])
    connection.close()
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'CLOSED' } })
  })

  it('H4: are not replaced by those of somebody else', async () => {
    let asked = 0
    const { client } = await start({
      holdsMs: () => 300,
      token: () => `token ${++asked}`,
      principal: (token) => (token === 'token 2' ? 'bob' : 'ann'),
    })
    expect(await client.token()).toBe('token 1')
    const connection = connectionOf(client)
    let reason = ''
    connection.subscribe(() => {
      if (connection.state.name === 'waiting') reason ||= connection.state.reason
    })
    await expect.poll(() => reason).toContain('somebody else')
  })
})

describe('a revoked principal', () => {
  it('loses its connections and sessions at once, and its handlers are aborted', async () => {
    const { server, client } = await start({ holdsMs: () => 60_000, token: () => 'token' })
    await client.token()
    const waiting = safe(client.wait())
    await client.token()
    const connection = connectionOf(client)
    const lost = new Promise<void>((resolve) =>
      connection.subscribe(() => connection.state.name === 'waiting' && resolve()),
    )
    server.revoke('bob')
    expect(await client.token()).toBe('token')
    server.revoke('ann')
    expect(server.size).toBe(0)
    await lost
    connection.close()
    expect((await waiting).ok).toBe(false)
  })
})
