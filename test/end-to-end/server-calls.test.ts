import { clientHandlers, hotline as clientHotline, connectionOf, createClient } from '@hotline/client'
import { hotline, type Infer, type Server, serve } from '@hotline/server'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import * as z from 'zod'
import { greet, HELLO } from './raw-client.ts'

const page = clientHotline<object>()

/** A client's procedures, one of which waits until the test lets it go on. */
function handlersOf(name: string) {
  let release = () => {}
  const handlers = page.router({
    name: page.query(() => name),
    echo: page.input(z.string()).query(({ input }) => input),
    wait: page.mutation(async () => {
      await new Promise<void>((resolve) => {
        release = resolve
      })
      return name
    }),
  })
  return { handlers, release: () => release() }
}
interface ClientApi extends Infer<ReturnType<typeof handlersOf>['handlers']> {}

const h = hotline<object, ClientApi>()
const api = h.router({ nameMe: h.query(({ client }) => client.name()) })
interface Api extends Infer<typeof api> {}

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(): Promise<Server<object>> {
  const server = await serve(api, {
    port: 0,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    authenticate: ({ auth }) => ({ principal: String(auth), context: {} }),
  })
  closers.push(() => server.close())
  return server
}

async function join({ port }: Server<object>, user: string, name: string) {
  const { handlers, release } = handlersOf(name)
  const client = createClient<Api>({
    url: `ws://localhost:${port}/rpc`,
    WebSocket,
    auth: () => user,
    handlers: clientHandlers(handlers),
  })
  closers.push(() => connectionOf(client).close())
  expect(await client.nameMe()).toBe(name)
  return { client, release }
}

describe('a server that calls its clients', () => {
  it('finds all of a principal, and only those', async () => {
    const server = await start()
    await join(server, 'ann', 'phone')
    await join(server, 'bob', 'desk')
    const { client } = await join(server, 'ann', 'laptop')
    const names = (user: string) =>
      Promise.all(server.connections.of<ClientApi>(user).map(({ client }) => client.name()))
    expect([await names('ann'), await names('bob'), await names('eve')]).toEqual([['phone', 'laptop'], ['desk'], []])
    expect(server.connections.all().map(({ principal }) => principal)).toEqual(['ann', 'bob', 'ann'])
    connectionOf(client).close()
    await expect.poll(() => server.connections.of('ann').length).toBe(1)
  })

  it('C8: sends and gets what is too large for one message', async () => {
    const server = await start()
    await join(server, 'ann', 'phone')
    const [connection] = server.connections.of<ClientApi>('ann')
    const text = '"\u0000é'.repeat(60_000)
    const [echo, name] = await Promise.all([connection?.client.echo(text), connection?.client.name()])
    expect([echo === text, name]).toEqual([true, 'phone'])
  })

  it('G1: lets its calls end before it goes, and the client goes on serving whoever comes next', async () => {
    const server = await start()
    const { client, release } = await join(server, 'ann', 'phone')
    const [connection] = server.connections.of<ClientApi>('ann')
    const call = connection?.client.wait()
    expect(await client.nameMe()).toBe('phone')
    const drained = server.drain({ windowMs: 0, deadlineMs: 5_000 })
    // Nobody takes the client, so it stays; what was asked of it ends all the same.
    expect(await client.nameMe()).toBe('phone')
    release()
    expect(await call).toBe('phone')
    connectionOf(client).close()
    await drained
    expect(connection?.state).toBe('ended')
  })

  it('D10: takes one answer to a call, and none to a call that it never made', async () => {
    const server = await start()
    const raw = await greet(server.port, { auth: 'ann' })
    const [connection] = server.connections.of<ClientApi>('ann')
    const call = connection?.client.name()
    expect(await raw.hear()).toEqual([1, 0, ['call', 2, 'name']])
    raw.say([1, 1, ['result', 4, 'nobody'], ['result', 2, 'raw'], ['result', 2, 'twice'], ['item', 2, 6, 'late']])
    expect(await call).toBe('raw')
    const again = connection?.client.name()
    expect(await raw.hear()).toEqual([2, 4, ['call', 4, 'name']])
    raw.say([5, 2, ['error', 4, { code: 'LIES', message: 'no such code', data: { any: 'thing' }, mayHaveRun: false }]])
    await expect(again).rejects.toMatchObject({ code: 'LIES', data: { any: 'thing' }, mayHaveRun: false })
    raw.socket.terminate()
  })

  it('X18, X29: takes nobody for who they say they are, and its clients for no promises', async () => {
    const server = await start()
    const raw = await greet(server.port, {
      ...HELLO,
      nonce: 'x',
      auth: 'eve',
      principal: 'ann',
      context: { admin: true },
    })
    expect(server.connections.of('ann')).toEqual([])
    const [connection] = server.connections.of<ClientApi>('eve')
    expect(connection?.context).toEqual({})
    const { client } = connection ?? {}
    await Promise.resolve(client)
    expect([JSON.stringify(client), String(client)]).toEqual([undefined, '[hotline client]'])
    raw.say(['ping'])
    expect(await raw.hear()).toEqual(['pong', 0])
    raw.socket.terminate()
  })
})
