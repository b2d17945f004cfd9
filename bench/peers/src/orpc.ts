import type { AddressInfo } from 'node:net'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { EventPublisher, os, type RouterClient } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocket as ReconnectingWebSocket } from 'partysocket'
import { WebSocket, WebSocketServer } from 'ws'
import * as z from 'zod'
import type { ClientEnd, Contender, ServerEnd, Task } from '../../src/contender.ts'
import { ITEM_SCHEMA, type Item, item, items } from '../../src/item.ts'
import { DATED_ROWS, ROWS } from '../../src/rows.ts'

/** oRPC's documented way: its ws handler, event iterators, `EventPublisher`, and partysocket to reconnect; bytes as a `Blob`. */
export const contender: Contender = { serve, connect }

// Its own 100 would lose events of 128 in a turn.
const published = new EventPublisher<{ item: Item }>({ maxBufferedEvents: 1_000 })

function router(task: Task) {
  const echo = () => os.input(ITEM_SCHEMA).handler(({ input }) => input)
  return {
    echo: echo(),
    stream: os.input(z.number()).handler(({ input }) => items(input)),
    follow: os.handler(({ signal }) => published.subscribe('item', { signal })),
    publish: os.input(z.number()).handler(({ input }) => {
      for (let n = 0; n < input; n++) published.publish('item', item(n))
    }),
    rows: os.handler(() => ROWS),
    datedRows: os.handler(() => DATED_ROWS),
    bytes: os.input(z.instanceof(Blob)).handler(({ input }) => input),
    numbered: Object.fromEntries(Array.from({ length: task.procedures }, (_, number) => [`echo${number}`, echo()])),
  }
}

async function serve(task: Task): Promise<ServerEnd> {
  const handler = new RPCHandler(router(task))
  const wss = new WebSocketServer({ port: 0 })
  wss.on('connection', (socket) => {
    socket.on('error', () => socket.terminate())
    void handler.upgrade(socket, { context: {} })
  })
  await new Promise((resolve) => wss.once('listening', resolve))
  return { port: (wss.address() as AddressInfo).port }
}

async function connect(port: number): Promise<ClientEnd> {
  const websocket = new ReconnectingWebSocket(`ws://localhost:${port}`, [], { WebSocket })
  await new Promise((resolve) => websocket.addEventListener('open', resolve, { once: true }))
  // Its events are those of a DOM that Node doesn't have.
  const client: RouterClient<ReturnType<typeof router>> = createORPCClient(
    new RPCLink({ websocket: websocket as never }),
  )
  return {
    echo: (given) => client.echo(given),
    echoBy: (number, given) => client.numbered[`echo${number}`]?.(given) ?? missing(number),
    stream: async (count, onItem) => read(await client.stream(count), onItem),
    follow: async (onItem) => void read(await client.follow(), onItem),
    publish: (count) => client.publish(count),
    rows: () => client.rows(),
    datedRows: () => client.datedRows(),
    bytes: async (bytes) => {
      const answer = await client.bytes(new Blob([Buffer.from(bytes)]))
      return new Uint8Array(await answer.arrayBuffer())
    },
    close: () => websocket.close(),
  }
}

async function read(stream: AsyncIterable<Item>, onItem: (item: Item) => void): Promise<void> {
  for await (const event of stream) onItem(event)
}

function missing(number: number): never {
  throw new Error(`There is no procedure echo${number}.`)
}
