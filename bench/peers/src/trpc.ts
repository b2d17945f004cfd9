import { EventEmitter, on } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import superjson from 'superjson'
import { WebSocket, WebSocketServer } from 'ws'
import * as z from 'zod'
import type { ClientEnd, Contender, ServerEnd, Task } from '../../src/contender.ts'
import { ITEM_SCHEMA, type Item, item, items } from '../../src/item.ts'
import { DATED_ROWS, ROWS } from '../../src/rows.ts'
import { fromBase64, toBase64 } from './text/base64.ts'

/** tRPC's documented way: `wsLink`, async generators, `on()` for events; superjson where there are dates. */
export const contender: Contender = { serve, connect }

const published = new EventEmitter().setMaxListeners(0)

function router(task: Task) {
  const t = initTRPC.create(task.dates ? { transformer: superjson } : {})
  const echo = () => t.procedure.input(ITEM_SCHEMA).query(({ input }) => input)
  return t.router({
    echo: echo(),
    stream: t.procedure.input(z.number()).subscription(({ input }) => items(input)),
    follow: t.procedure.subscription(async function* ({ signal }) {
      // What `publish` emits.
      for await (const [event] of on(published, 'item', signal === undefined ? {} : { signal })) yield event as Item
    }),
    publish: t.procedure.input(z.number()).mutation(({ input }) => {
      for (let n = 0; n < input; n++) published.emit('item', item(n))
    }),
    rows: t.procedure.query(() => ROWS),
    datedRows: t.procedure.query(() => DATED_ROWS),
    bytes: t.procedure.input(z.string()).query(({ input }) => toBase64(fromBase64(input))),
    numbered: t.router(
      Object.fromEntries(Array.from({ length: task.procedures }, (_, number) => [`echo${number}`, echo()])),
    ),
  })
}

async function serve(task: Task): Promise<ServerEnd> {
  const wss = new WebSocketServer({ port: 0 })
  applyWSSHandler({ wss, router: router(task) })
  await new Promise((resolve) => wss.once('listening', resolve))
  return { port: (wss.address() as AddressInfo).port }
}

async function connect(port: number, task: Task): Promise<ClientEnd> {
  // Its type is that of the browser's.
  const wsClient = createWSClient({ url: `ws://localhost:${port}`, WebSocket: WebSocket as never })
  // The types follow the transformer, which only the task knows.
  const transformer = (task.dates ? { transformer: superjson } : {}) as Record<never, never>
  const client = createTRPCClient<ReturnType<typeof router>>({ links: [wsLink({ client: wsClient, ...transformer })] })
  const read = (subscribe: Subscribe, onItem: (item: Item) => void) =>
    new Promise<void>((onComplete, onError) => subscribe({ onData: onItem, onComplete, onError }))
  return {
    echo: (given) => client.echo.query(given),
    echoBy: (number, given) => client.numbered[`echo${number}`]?.query(given) ?? missing(number),
    stream: (count, onItem) => read((observer) => client.stream.subscribe(count, observer), onItem),
    follow: (onItem) =>
      new Promise((onStarted, onError) => {
        // "started" comes before the generator listens: its body runs a turn later.
        const started = () => setTimeout(onStarted, 100)
        client.follow.subscribe(undefined, { onStarted: started, onData: onItem, onError })
      }),
    publish: (count) => client.publish.mutate(count),
    rows: () => client.rows.query(),
    // superjson gives back the dates that its type, made without the transformer, calls strings.
    datedRows: () => client.datedRows.query() as never,
    bytes: async (bytes) => fromBase64(await client.bytes.query(toBase64(bytes))),
    close: () => void wsClient.close(),
  }
}

type Subscribe = (observer: { onData(item: Item): void; onComplete(): void; onError(error: unknown): void }) => unknown

function missing(number: number): never {
  throw new Error(`There is no procedure echo${number}.`)
}
