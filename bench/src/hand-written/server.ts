import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ServerEnd, Task } from '../contender.ts'
import { type Item, item, items } from '../item.ts'
import { ROWS } from '../rows.ts'
import type { Line } from './line.ts'
import type { Answer, Request } from './messages.ts'

/** What people write by hand: a switch over method names; no types, no validation, no reconnect. */
export async function serve(line: Line, { procedures }: Task): Promise<ServerEnd> {
  const server = new WebSocketServer({ port: 0 })
  const followers = new Set<WebSocket>()
  const numbered = new Map(Array.from({ length: procedures }, (_, number) => [`echo${number}`, echo]))
  server.on('connection', (socket) => {
    socket.on('message', (message: Buffer, isBinary) => {
      // The bytes go back as they came, call's id included.
      if (isBinary) return socket.send(message)
      for (const request of line.read(message.toString())) answer(socket, request as Request)
    })
    socket.on('close', () => followers.delete(socket))
    socket.on('error', () => socket.terminate())
  })

  function answer(socket: WebSocket, request: Request): void {
    const { id } = request
    switch (request.method) {
      case 'echo':
        return reply(socket, { id, result: echo(request.params) })
      case 'stream':
        void stream(socket, id, request.params)
        return
      case 'follow':
        followers.add(socket)
        return reply(socket, { id, result: null })
      case 'publish':
        publish(request.params)
        return reply(socket, { id, result: null })
      case 'rows':
        return reply(socket, { id, result: ROWS })
      default:
        return reply(socket, { id, result: numbered.get(request.method)?.(request.params) ?? null })
    }
  }

  function reply(socket: WebSocket, message: Answer): void {
    void line.post(socket, JSON.stringify(message))
  }

  function publish(count: number): void {
    for (let n = 0; n < count; n++) {
      const text = JSON.stringify({ id: 0, event: item(n) })
      for (const follower of followers) void line.post(follower, text)
    }
  }

  async function stream(socket: WebSocket, id: number, count: number): Promise<void> {
    for await (const event of items(count)) {
      const room = line.post(socket, JSON.stringify({ id, event }))
      if (room !== undefined) await room
    }
    reply(socket, { id, result: null })
  }

  await once(server, 'listening')
  // It listens, so its address is one with a port.
  return { port: (server.address() as AddressInfo).port }
}

function echo(given: Item): Item {
  return given
}
