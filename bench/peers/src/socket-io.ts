import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import * as z from 'zod'
import type { ClientEnd, Contender, ServerEnd, Task } from '../../src/contender.ts'
import { ITEM_SCHEMA, type Item, item, items } from '../../src/item.ts'
import { type DatedRow, ROWS, type Row } from '../../src/rows.ts'

/** Socket.IO's documented way: acknowledgements for calls, a room for events, WebSocket only; zod by hand, dates as text. */
export const contender: Contender = { serve, connect }

type Answer<Result> = (result: Result) => void

interface Calls extends Record<`echo${number}`, (given: Item, answer: Answer<Item>) => void> {
  echo(given: Item, answer: Answer<Item>): void
  stream(count: number, answer: Answer<null>): void
  follow(answer: Answer<null>): void
  publish(count: number, answer: Answer<null>): void
  rows(answer: Answer<readonly Row[]>): void
  bytes(bytes: Uint8Array, answer: Answer<Uint8Array>): void
}

interface Events {
  streamed(event: Item): void
  published(event: Item): void
}

async function serve({ procedures }: Task): Promise<ServerEnd> {
  const http = createServer()
  const server = new Server<Calls, Events>(http, { transports: ['websocket'] })
  server.on('connection', (socket) => {
    socket.on('echo', (given, answer) => answer(ITEM_SCHEMA.parse(given)))
    socket.on('stream', async (count, answer) => {
      for await (const event of items(z.number().parse(count))) socket.emit('streamed', event)
      answer(null)
    })
    socket.on('follow', async (answer) => {
      await socket.join('followers')
      answer(null)
    })
    socket.on('publish', (count, answer) => {
      for (let n = 0; n < count; n++) server.to('followers').emit('published', item(n))
      answer(null)
    })
    socket.on('rows', (answer) => answer(ROWS))
    socket.on('bytes', (bytes, answer) => answer(bytes))
    for (let number = 0; number < procedures; number++)
      socket.on(`echo${number}`, (given, answer) => answer(ITEM_SCHEMA.parse(given)))
  })
  await new Promise<void>((resolve) => http.listen(0, resolve))
  return { port: (http.address() as AddressInfo).port }
}

async function connect(port: number): Promise<ClientEnd> {
  const socket = io(`ws://localhost:${port}`, { transports: ['websocket'], forceNew: true })
  // Its own types give the result of an acknowledgement only where the events are declared with `any`.
  const call = (name: string, ...given: unknown[]) => socket.emitWithAck(name, ...given)
  return {
    echo: (given) => call('echo', given),
    echoBy: (number, given) => call(`echo${number}`, given),
    stream: async (count, onItem) => {
      socket.on('streamed', onItem)
      await call('stream', count)
      socket.off('streamed', onItem)
    },
    follow: async (onItem) => {
      socket.on('published', onItem)
      await call('follow')
    },
    publish: (count) => call('publish', count),
    rows: () => call('rows'),
    datedRows: async () => (await call('rows')).map(dated),
    bytes: (bytes) => call('bytes', bytes),
    close: () => socket.close(),
  }
}

function dated(row: Row): DatedRow {
  return { ...row, createdAt: new Date(row.createdAt) }
}
