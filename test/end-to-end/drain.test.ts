import { connect, createServer as createTcp, type Server as TcpServer } from 'node:net'
import { connectionOf, createClient, liveValues, safe } from '@hotline/client'
import { hotline, type Infer, type Server, serve, topic, tracked } from '@hotline/server'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

/** A log of events that both servers share, as a database would be. */
class EventLog {
  readonly #waiting = new Set<() => void>()
  length = 0

  add(): void {
    this.length++
    for (const wake of [...this.#waiting]) wake()
  }

  async *after(id: number, signal: AbortSignal): AsyncGenerator<number> {
    for (let next = id + 1; !signal.aborted; next++) {
      while (next > this.length && !signal.aborted) await this.#more(signal)
      if (!signal.aborted) yield next
    }
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#waiting.add(wake)
      signal.addEventListener('abort', wake)
    })
  }
}

const h = hotline<object>()
const log = new EventLog()
const nothing = topic<never>()
let release: () => void = () => {}

function routerOf(name: string) {
  return h.router({
    who: h.query(() => name),
    slow: h.mutation(
      () =>
        new Promise<string>((resolve) => {
          release = () => resolve(name)
        }),
    ),
    numbered: h.subscription(async function* ({ lastEventId, signal }) {
      yield tracked.start(lastEventId ?? '0')
      for await (const number of log.after(Number(lastEventId ?? 0), signal)) yield tracked(String(number), number)
    }),
    live: h.live({ on: () => nothing, query: () => `live at ${name}` }),
    plain: h.subscription(async function* ({ signal }) {
      yield name
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    }),
  })
}
interface Api extends Infer<ReturnType<typeof routerOf>> {}

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Passes each new connection on to whichever server is the current one, as a balancer does during a deploy. */
async function balancer(target: () => number): Promise<{ port: number }> {
  const tcp: TcpServer = createTcp((socket) => {
    const up = connect(target(), '127.0.0.1')
    socket.pipe(up).pipe(socket)
    socket.on('error', () => up.destroy())
    up.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => tcp.close(resolve)))
  return tcp.address() as { port: number }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

async function start() {
  const servers: Server[] = []
  for (const name of ['old', 'new']) servers.push(await serve(routerOf(name), { port: 0, logger: silent }))
  const [old, next] = servers as [Server, Server]
  closers.push(
    () => old.close(),
    () => next.close(),
  )
  let target = old.port ?? 0
  const { port } = await balancer(() => target)
  const client = createClient<Api>({ url: `ws://127.0.0.1:${port}/rpc`, WebSocket })
  closers.push(() => connectionOf(client).close())
  return {
    old,
    next,
    client,
    switchOver: () => {
      target = next.port ?? 0
    },
  }
}

describe('a server that drains', () => {
  it('G1: has its streams moved without a loss, a repetition or a gap, its calls finished, and then closes', async () => {
    const { old, client, switchOver } = await start()
    const stream = await client.numbered()
    const heard: number[] = []
    const words: string[] = []
    stream.on({ next: (item) => heard.push(item), gap: () => words.push('gap'), resumed: () => words.push('resumed') })
    const first = log.length
    log.add()
    await expect.poll(() => heard.length).toBe(first + 1)
    const slow = client.slow()
    expect(await client.who()).toBe('old')
    switchOver()
    const drained = old.drain({ windowMs: 20, deadlineMs: 5_000 })
    const adding = setInterval(() => log.add(), 1)
    await expect.poll(() => client.who()).toBe('new')
    await expect.poll(() => words).toEqual(['resumed'])
    release()
    expect(await slow).toBe('old')
    await drained
    clearInterval(adding)
    await expect.poll(() => heard.length).toBe(log.length)
    expect(heard).toEqual(heard.map((_, index) => index + 1))
    expect(connectionOf(client).state.name).toBe('open')
  })

  it('G1: has a live query moved at once, which begins with its whole value there', async () => {
    const { old, client, switchOver } = await start()
    const values: string[] = []
    liveValues(await client.live.live()).on({ next: (value) => values.push(value) })
    await expect.poll(() => values).toEqual(['live at old'])
    switchOver()
    // Without moving it would take until the deadline.
    await old.drain({ windowMs: 10, deadlineMs: 60_000 })
    await expect.poll(() => values).toEqual(['live at old', 'live at new'])
    expect(nothing.size).toBe(1)
  })

  it('G1: tells a stream without ids of a gap when the deadline moves it', async () => {
    const { old, client, switchOver } = await start()
    const stream = await client.plain()
    const words: string[] = []
    stream.on({ next: (item) => words.push(item), gap: () => words.push('gap') })
    await expect.poll(() => words).toEqual(['old'])
    switchOver()
    await old.drain({ windowMs: 10, deadlineMs: 300 })
    await expect.poll(() => words).toEqual(['old', 'gap', 'new'])
  })

  it('G2: ends a handler that outlasts the deadline by name', async () => {
    const { old, client, switchOver } = await start()
    expect(await client.who()).toBe('old')
    const slow = safe(client.slow())
    switchOver()
    await old.drain({ windowMs: 10, deadlineMs: 200 })
    expect(await slow).toMatchObject({ ok: false, error: { code: 'OUTCOME_UNKNOWN', mayHaveRun: true } })
  })

  it('G2: says so itself, where no other server is there to say it', async () => {
    const { old, client } = await start()
    const slow = safe(client.slow())
    expect(await client.who()).toBe('old')
    await old.drain({ windowMs: 10, deadlineMs: 200 })
    const message = expect.stringContaining('The server stopped while the call ran')
    expect(await slow).toMatchObject({ ok: false, error: { code: 'OUTCOME_UNKNOWN', mayHaveRun: true, message } })
  })

  it('G3: keeps its clients while there is nowhere to go, and takes no new ones', async () => {
    const { old, client } = await start()
    expect(await client.who()).toBe('old')
    const drained = old.drain({ windowMs: 10, deadlineMs: 400 })
    const other = createClient<Api>({ url: `ws://127.0.0.1:${old.port}/rpc`, WebSocket })
    closers.push(() => connectionOf(other).close())
    connectionOf(other).connect()
    await expect
      .poll(() => connectionOf(other).state)
      .toMatchObject({ name: 'waiting', reason: expect.stringContaining('going away') })
    expect(await client.who()).toBe('old')
    await drained
  })

  it('G1: goes on when it is asked to once more: who asks twice waits as long', async () => {
    const { old, client, switchOver } = await start()
    expect(await client.who()).toBe('old')
    const slow = client.slow()
    expect(await client.who()).toBe('old')
    switchOver()
    const drained = [old.drain({ windowMs: 0, deadlineMs: 5_000 }), old.drain()]
    await expect.poll(() => client.who()).toBe('new')
    release()
    expect(await slow).toBe('old')
    await Promise.all(drained)
  })

  it('G1: may do so for as long as it takes', async () => {
    const { old, client, switchOver } = await start()
    expect(await client.who()).toBe('old')
    const slow = client.slow()
    expect(await client.who()).toBe('old')
    switchOver()
    const drained = old.drain({ windowMs: 0, deadlineMs: Number.POSITIVE_INFINITY })
    await expect.poll(() => client.who()).toBe('new')
    release()
    expect(await slow).toBe('old')
    await drained
  })

  it('drains at once where nobody is connected', async () => {
    const { old } = await start()
    await old.drain()
  })
})
