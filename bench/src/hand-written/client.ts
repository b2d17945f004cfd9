import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { ClientEnd } from '../contender.ts'
import type { Item } from '../item.ts'
import type { Row } from '../rows.ts'
import type { Line } from './line.ts'
import { type Answer, type Request, readId, withId } from './messages.ts'

interface Call {
  resolve(result: never): void
  reject(reason: Error): void
  readonly onItem?: ((item: Item) => void) | undefined
}

/** The other end of `serve`. A lost socket fails its calls, and the next call opens another. */
export async function connect(line: Line, port: number): Promise<ClientEnd> {
  const calls = new Map<number, Call>()
  let onPublished: (item: Item) => void = () => {}
  let lastId = 0
  let opened = open()

  function open(): Promise<WebSocket> {
    const socket = new WebSocket(`ws://localhost:${port}`)
    socket.on('message', (message: Buffer, isBinary) => {
      if (isBinary) return takeBytes(message)
      for (const answer of line.read(message.toString())) take(answer as Answer)
    })
    socket.on('close', () => {
      opened = Promise.reject(new Error('The socket is closed.'))
      opened.catch(() => {})
      for (const { reject } of calls.values()) reject(new Error('The socket was closed.'))
      calls.clear()
    })
    socket.on('error', () => socket.terminate())
    return once(socket, 'open').then(() => socket)
  }

  function take({ id, result, event }: Answer): void {
    if (event !== undefined) return id === 0 ? onPublished(event) : calls.get(id)?.onItem?.(event)
    // Whoever made the call knows what its method answers.
    calls.get(id)?.resolve(result as never)
    calls.delete(id)
  }

  function takeBytes(message: Buffer): void {
    const { id, bytes } = readId(message)
    // The same: a binary message answers `bytes`.
    calls.get(id)?.resolve(bytes as never)
    calls.delete(id)
  }

  let socket = await opened
  function call<Result>(send: (id: number) => void, onItem?: (item: Item) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      const id = ++lastId
      calls.set(id, { resolve, reject, onItem })
      send(id)
    })
  }
  async function reopened(): Promise<void> {
    socket = await opened.catch(() => {
      opened = open()
      return opened
    })
  }
  function ask<Result>(method: Request['method'], params?: unknown, onItem?: (item: Item) => void): Promise<Result> {
    const send = (id: number) => void line.post(socket, JSON.stringify({ id, method, params }))
    if (socket.readyState === WebSocket.OPEN) return call(send, onItem)
    return reopened().then(() => call(send, onItem))
  }

  return {
    echo: (params) => ask('echo', params),
    echoBy: (number, params) => ask(`echo${number}`, params),
    stream: (count, onItem) => ask('stream', count, onItem),
    follow: (onItem) => {
      onPublished = onItem
      return ask('follow')
    },
    publish: (count) => ask('publish', count),
    rows: () => ask('rows'),
    datedRows: async () => (await ask<Row[]>('rows')).map((row) => ({ ...row, createdAt: new Date(row.createdAt) })),
    bytes: (bytes) => call((id) => socket.send(withId(id, bytes))),
    close: () => socket.close(),
  }
}
