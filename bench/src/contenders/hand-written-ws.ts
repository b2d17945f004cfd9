import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { ClientEnd, Contender, ServerEnd } from '../contender.ts'
import { type Item, item, items } from '../item.ts'

/** What people write by hand: one JSON message per call, answer and event; no types, no validation, no reconnect. */
export const handWrittenWs: Contender = { serve, connect }

type Request =
  | { readonly id: number; readonly method: 'echo'; readonly params: Item }
  | { readonly id: number; readonly method: 'stream' | 'publish'; readonly params: number }
  | { readonly id: number; readonly method: 'follow' }

/** `result` answers a call, or ends a stream; `event` is an item of one. */
interface Answer {
  readonly id: number
  readonly result?: Item | null
  readonly event?: Item
}

/** More than this waits for the socket before the next event. */
const HIGH_WATER_BYTES = 64 * 1024

async function serve(): Promise<ServerEnd> {
  const server = new WebSocketServer({ port: 0 })
  const followers = new Set<WebSocket>()
  server.on('connection', (socket) => {
    socket.on('message', (text: Buffer) => answer(socket, JSON.parse(text.toString()) as Request, followers))
    socket.on('close', () => followers.delete(socket))
  })
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port }
}

function answer(socket: WebSocket, request: Request, followers: Set<WebSocket>): void {
  const { id } = request
  switch (request.method) {
    case 'echo':
      return socket.send(JSON.stringify({ id, result: request.params }))
    case 'stream':
      void stream(socket, id, request.params)
      return
    case 'follow':
      followers.add(socket)
      return socket.send(JSON.stringify({ id, result: null }))
    case 'publish':
      for (let n = 0; n < request.params; n++) {
        const text = JSON.stringify({ id: 0, event: item(n) })
        for (const follower of followers) follower.send(text)
      }
      return socket.send(JSON.stringify({ id, result: null }))
  }
}

async function stream(socket: WebSocket, id: number, count: number): Promise<void> {
  for await (const event of items(count)) {
    const text = JSON.stringify({ id, event })
    if (socket.bufferedAmount > HIGH_WATER_BYTES) await new Promise((resolve) => socket.send(text, resolve))
    else socket.send(text)
  }
  socket.send(JSON.stringify({ id, result: null }))
}

async function connect(port: number): Promise<ClientEnd> {
  const socket = new WebSocket(`ws://localhost:${port}`)
  const calls = new Map<number, { resolve(result: Item): void; onItem?: (item: Item) => void }>()
  let onPublished: (item: Item) => void = () => {}
  let lastId = 0
  socket.on('message', (text: Buffer) => {
    const { id, result, event } = JSON.parse(text.toString()) as Answer
    if (event !== undefined) return id === 0 ? onPublished(event) : calls.get(id)?.onItem?.(event)
    // Only `echo` looks at its result.
    calls.get(id)?.resolve(result as Item)
    calls.delete(id)
  })
  const call = (method: Request['method'], params?: unknown, onItem?: (item: Item) => void): Promise<Item> =>
    new Promise((resolve) => {
      const id = ++lastId
      calls.set(id, onItem === undefined ? { resolve } : { resolve, onItem })
      socket.send(JSON.stringify({ id, method, params }))
    })
  await once(socket, 'open')
  return {
    echo: (params) => call('echo', params),
    stream: async (count, onItem) => void (await call('stream', count, onItem)),
    follow: async (onItem) => {
      onPublished = onItem
      await call('follow')
    },
    publish: async (count) => void (await call('publish', count)),
    close: () => socket.close(),
  }
}
