import { EventEmitter } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { connectionOf, createClient, isHotlineError } from '@hotline/client'
import { fromEvent, hotline, type Infer, type Server, serve, topic } from '@hotline/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { greet, type RawClient } from './raw-client.ts'

const h = hotline()
const news = topic<string>()
const emitter = new EventEmitter()
const api = h.router({
  news: h.subscription(({ lastEventId }) => news.subscribe({ whenFull: 'drop-oldest', capacity: 4, lastEventId })),
  newest: h.subscription(() => news.subscribe({ whenFull: 'latest' })),
  said: h.subscription(() => fromEvent<string>(emitter, 'said', { whenFull: 'fail', capacity: 4 })),
})
interface Api extends Infer<typeof api> {}

/** Some characters more than a tenth of a stream's first credit. */
const LONG = 'x'.repeat(3_300)

let server: Server
beforeAll(async () => {
  // One test leaves faster than anybody does but on purpose.
  server = await serve(api, { port: 0, limits: { opensPerSecond: Number.POSITIVE_INFINITY } })
})
afterAll(() => server.close())

function newClient() {
  return createClient<Api>({ url: `ws://localhost:${server.port}/rpc`, WebSocket })
}

function numberOf(item: string): number {
  return Number(item.split(' ')[0])
}

/** Until `is` holds; the test's own deadline is the limit. */
async function until(is: () => boolean): Promise<void> {
  while (!is()) await setImmediate()
}

/** Messages behind the numbers of the data frames that have come. */
function messagesOf({ transcript }: RawClient): unknown[] {
  const frames = transcript.map((text) => JSON.parse(text) as readonly unknown[])
  return frames.flatMap((frame) => (typeof frame[0] === 'number' ? frame.slice(2) : []))
}

describe('a client that stops reading', () => {
  it('E15, F2: is told how many it missed when it reads on, while another has got them all', async () => {
    const [slow, quick] = [newClient(), newClient()]
    const [unread, read] = [await slow.news(), await quick.news()]
    const got: string[] = []
    read.on({ next: (item) => got.push(item) })
    for (let n = 0; n < 40; n++) {
      news.publish(`${n} ${LONG}`)
      await until(() => got.length === n + 1)
    }
    const told: unknown[] = []
    unread.on({ next: (item) => told.push(numberOf(item)), gap: (missed) => told.push({ missed }) })
    await until(() => told.at(-1) === 39)
    // One item goes beyond the credit.
    expect(told).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, { missed: 26 }, 36, 37, 38, 39])
    connectionOf(slow).close()
    connectionOf(quick).close()
  })

  it('gets the newest alone where that is the policy', async () => {
    const client = newClient()
    const stream = await client.newest()
    for (let n = 0; n < 40; n++) news.publish(`${n} ${LONG}`)
    const told: unknown[] = []
    stream.on({ next: (item) => told.push(numberOf(item)), gap: (missed) => told.push({ missed }) })
    await until(() => told.at(-1) === 39)
    expect(told.slice(-2)).toEqual([{ missed: 29 }, 39])
    connectionOf(client).close()
  })

  it('gets SLOW_CONSUMER, typed, behind the items that had left, where none may be missing', async () => {
    const client = newClient()
    const stream = await client.said()
    for (let n = 0; n < 40; n++) emitter.emit('said', `${n} ${LONG}`)
    expect(emitter.listenerCount('said')).toBe(0)
    const got: number[] = []
    const reading = (async () => {
      for await (const item of stream) got.push(numberOf(item))
    })()
    await expect(reading).rejects.toSatisfy((error) => isHotlineError(error, 'SLOW_CONSUMER') && error.mayHaveRun)
    expect(got).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    connectionOf(client).close()
  })

  it('on the wire: a position says how many are missing, and credit brings on the rest', async () => {
    const client = await greet(server.port)
    client.say([1, 0, ['call', 1, 'news']])
    await until(() => messagesOf(client).length === 1)
    for (let n = 0; n < 20; n++) news.publish(`${n} ${LONG}`)
    await until(() => messagesOf(client).length === 11)
    client.say([2, 0, ['credit', 1, 32_768]])
    await until(() => messagesOf(client).length === 16)
    expect(messagesOf(client)[11]).toEqual(['position', 1, { gap: true, missed: 6 }])
    client.socket.terminate()
  })
})

describe('E19: the listeners of an emitter', () => {
  it('are gone when their clients have vanished without a word', async () => {
    const graceless = await serve(api, { port: 0, limits: { graceMs: 0 } })
    const clients = await Promise.all(Array.from({ length: 8 }, () => greet(graceless.port)))
    for (const client of clients) client.say([1, 0, ['call', 1, 'said']])
    await until(() => emitter.listenerCount('said') === 8)
    for (const client of clients) client.socket.terminate()
    await until(() => emitter.listenerCount('said') === 0)
    await graceless.close()
  })
})

describe('E2: subscribing and leaving in 600 rounds', () => {
  it('leaves nobody subscribed, and who stays gets what is published', async () => {
    const client = newClient()
    const staying = await client.newest()
    const [baseline, got] = [news.size, [] as string[]]
    staying.on({ next: (item) => got.push(item) })
    for (let round = 0; round < 600; round++) {
      const calling = client.newest()
      const stream = await (round % 2 === 0 ? calling : Promise.race([calling, calling]))
      news.publish(`${round}`)
      await stream[Symbol.asyncDispose]()
    }
    await until(() => news.size === baseline && got.at(-1) === '599')
    expect(news.size).toBe(baseline)
    connectionOf(client).close()
  })
})
