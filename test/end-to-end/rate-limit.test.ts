import { setTimeout } from 'node:timers/promises'
import { connectionOf, createClient, isErrorOf, safe } from '@hotline/client'
import { type AuthenticateCall, hotline, type Infer, serve } from '@hotline/server'
import { rateLimit } from '@hotline/server/rate-limit'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

const ran: string[] = []
const addresses: (string | undefined)[] = []
const h = hotline<object>()
/** Long enough that nothing passes by itself, however slow the machine is. */
const durationMs = 600_000
const limited = h.use(rateLimit({ points: 2, durationMs }))
const byAddress = h.use(rateLimit({ points: 3, durationMs, by: ['address', 'procedure'] }))
const brief = h.use(rateLimit({ points: 1, durationMs: 1_500, by: 'procedure' }))
const router = h.router({
  add: limited.mutation(({ connection }) => ran.push(String(connection.principal))),
  watch: limited.subscription(async function* () {
    yield 1
    yield 2
  }),
  ping: byAddress.query(({ connection }) => addresses.push(connection.address)),
  brief: brief.mutation(() => ran.push('brief')),
})
interface Api extends Infer<typeof router> {}

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  ran.length = 0
  addresses.length = 0
})

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

async function start({ trustProxy }: { trustProxy?: string[] } = {}) {
  const authenticate = ({ auth }: AuthenticateCall) => ({ principal: String(auth), context: {} })
  const server = await serve(router, { port: 0, authenticate, logger: SILENT, trustProxy })
  closers.push(() => server.close())
  return (name: string, forwardedFor?: string) => {
    const url = `ws://127.0.0.1:${server.port}/rpc`
    const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
    class Forwarded extends WebSocket {
      constructor(target: string | URL, protocols: string | string[]) {
        super(target, protocols, { headers })
      }
    }
    const client = createClient<Api>({ url, WebSocket: Forwarded, auth: () => name })
    closers.push(() => connectionOf(client).close())
    return client
  }
}

/** What a call rejects with. */
const thrownBy = (call: Promise<unknown>) => call.then(() => undefined).catch((error: unknown) => error)

describe('a rate limit over a socket', () => {
  it('counts two principals apart, each over all its connections, and tells a client how long to wait', async () => {
    const connect = await start()
    const [ann, annToo, bob] = [connect('ann'), connect('ann'), connect('bob')]
    await ann.add()
    // Opening a stream counts as one call, and its items as none.
    for await (const _ of await annToo.watch());
    const error = await thrownBy(annToo.add())
    if (!isErrorOf(annToo.add, error, 'TOO_MANY_REQUESTS')) throw error
    expect(error.data?.retryAfterMs).toBeGreaterThan(durationMs - 60_000)
    expect(error.data?.retryAfterMs).toBeLessThanOrEqual(durationMs)
    expect(error.mayHaveRun).toBe(false)
    expect(await safe(ann.watch())).toMatchObject({ error: { code: 'TOO_MANY_REQUESTS' } })
    await bob.add()
    expect(ran).toEqual(['ann', 'bob'])
  })

  it('counts by the address, whoever calls from it', async () => {
    const connect = await start()
    const [ann, bob] = [connect('ann'), connect('bob')]
    const replies = await Promise.all([ann.ping(), ann.ping(), bob.ping(), bob.ping()].map((call) => safe(call)))
    expect(replies.filter(({ ok }) => ok)).toHaveLength(3)
    expect(addresses).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1'])
  })

  it('counts by the address that a proxy of ours gives, and by no word of the client', async () => {
    const connect = await start({ trustProxy: ['127.0.0.1'] })
    const here = connect('ann', '198.51.100.9, 192.0.2.1')
    const again = connect('bob', '198.51.100.8, 192.0.2.1')
    const there = connect('bob', '192.0.2.2')
    const calls = [here.ping(), here.ping(), again.ping(), again.ping()]
    const replies = await Promise.all(calls.map((call) => safe(call)))
    expect(replies.filter(({ ok }) => ok)).toHaveLength(3)
    await there.ping()
    expect(new Set(addresses)).toEqual(new Set(['192.0.2.1', '192.0.2.2']))
  })

  it('does not keep its refusal as the outcome of an idempotency key', async () => {
    const connect = await start()
    const ann = connect('ann')
    await ann.brief()
    const intent = { idempotencyKey: 'k1' }
    let error = await thrownBy(ann.brief(undefined, intent))
    expect(error).toMatchObject({ code: 'TOO_MANY_REQUESTS', mayHaveRun: false })
    while (isErrorOf(ann.brief, error, 'TOO_MANY_REQUESTS')) {
      await setTimeout(error.data?.retryAfterMs)
      error = await thrownBy(ann.brief(undefined, intent))
    }
    expect(error).toBeUndefined()
    expect(ran).toEqual(['brief', 'brief'])
  })
})
