import { connectionOf, createClient, isErrorOf } from '@hotline/client'
import { type AuthenticateCall, HotlineError, hotline, type Infer, recheck, type Stream, serve } from '@hotline/server'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

const members = new Set<string>()
const ended: string[] = []
const h = hotline<{ user: string }>()
const member = h.use(
  recheck({
    everyMs: 20,
    check: ({ ctx }) => {
      if (ctx.user === 'nobody') throw new HotlineError('UNAUTHORIZED')
      return members.has(ctx.user)
    },
  }),
)
async function* forAsLongAsItMay(signal: AbortSignal, user: string) {
  try {
    yield 'first'
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  } finally {
    ended.push(user)
  }
}
const router = h.router({
  news: member.subscription(({ ctx, signal }) => forAsLongAsItMay(signal, ctx.user)),
  open: h.subscription(({ ctx, signal }) => forAsLongAsItMay(signal, ctx.user)),
})
interface Api extends Infer<typeof router> {}

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  members.clear()
  ended.length = 0
})

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

async function start() {
  const authenticate = ({ auth }: AuthenticateCall) => ({ principal: String(auth), context: { user: String(auth) } })
  const server = await serve(router, { port: 0, authenticate, logger: SILENT })
  closers.push(() => server.close())
  const connect = (name: string) => {
    const client = createClient<Api>({ url: `ws://127.0.0.1:${server.port}/rpc`, WebSocket, auth: () => name })
    closers.push(() => connectionOf(client).close())
    return client
  }
  return { server, connect }
}

/** Its first item, without leaving it. */
const firstOf = async (stream: Stream<string>) => (await stream[Symbol.asyncIterator]().next()).value

/** What a stream ends with. */
const endOf = (stream: { readonly result: Promise<unknown> }) => stream.result.catch((error: unknown) => error)

describe('a stream whose principal loses its right', () => {
  it('ends by name, while what else the client has open goes on', async () => {
    members.add('ann').add('bob')
    const { connect } = await start()
    const [ann, bob] = [connect('ann'), connect('bob')]
    const [news, open, bobs] = [await ann.news(), await ann.open(), await bob.news()]
    // Its handler waits where it would for its next item.
    for (const stream of [news, open, bobs]) expect(await firstOf(stream)).toBe('first')
    members.delete('ann')
    const error = await endOf(news)
    expect(isErrorOf(ann.news, error, 'FORBIDDEN')).toBe(true)
    expect(ended).toEqual(['ann'])
    expect(connectionOf(ann).state.name).toBe('open')
    await Promise.all([open, bobs].map((stream) => stream[Symbol.asyncDispose]()))
  })

  it('ends also while nobody reads it, and its handler is not left behind', async () => {
    members.add('ann')
    const { connect, server } = await start()
    const ann = connect('ann')
    await ann.news()
    members.delete('ann')
    while (ended.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(server.size).toBe(1)
  })

  it('ends at once when the server is told, not before the next check', async () => {
    members.add('ann')
    const { connect, server } = await start()
    const news = await connect('ann').news()
    members.delete('ann')
    server.recheck('ann')
    expect(await endOf(news)).toMatchObject({ code: 'FORBIDDEN' })
  })

  it('is not opened again without it', async () => {
    const { connect } = await start()
    await expect(connect('nobody').news()).rejects.toMatchObject({ code: 'UNAUTHORIZED', mayHaveRun: false })
    await expect(connect('ann').news()).rejects.toMatchObject({ code: 'FORBIDDEN', mayHaveRun: false })
    expect(ended).toEqual([])
  })
})
