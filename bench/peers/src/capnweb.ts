import type { AddressInfo } from 'node:net'
import { newWebSocketRpcSession, type RpcStub, RpcTarget } from 'capnweb'
import { WebSocket, WebSocketServer } from 'ws'
import type { ClientEnd, Contender, ServerEnd, Task } from '../../src/contender.ts'
import { ITEM_SCHEMA, type Item, item, items } from '../../src/item.ts'
import { DATED_ROWS, type DatedRow, ROWS, type Row } from '../../src/rows.ts'

/** Cap'n Web's documented way: an `RpcTarget`, a `ReadableStream` for a stream, a function for events; zod by hand. */
export const contender: Contender = { serve, connect }

type OnItem = (item: Item) => void

/** One for each connection. The functions of followers are stubs of the clients'. */
class Api extends RpcTarget {
  static readonly #followers = new Set<RpcStub<OnItem>>()

  echo(given: Item): Item {
    return ITEM_SCHEMA.parse(given)
  }

  stream(count: number): ReadableStream<Item> {
    return streamOf(items(count))
  }

  follow(onItem: RpcStub<OnItem>): void {
    // What a call was given ends with it; a duplicate stays.
    const follower = onItem.dup()
    follower.onRpcBroken(() => Api.#followers.delete(follower))
    Api.#followers.add(follower)
  }

  publish(count: number): void {
    for (let n = 0; n < count; n++) {
      const event = item(n)
      for (const follower of Api.#followers) void follower(event)
    }
  }

  rows(): Row[] {
    return [...ROWS]
  }

  datedRows(): DatedRow[] {
    return [...DATED_ROWS]
  }

  bytes(bytes: Uint8Array): Uint8Array {
    return bytes
  }
}

/** `ReadableStream.from` gives one of another class in Node 20, which isn't taken. */
function streamOf(source: AsyncGenerator<Item, void>): ReadableStream<Item> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

/** The methods that a task asks for; what is no method of the class isn't served. */
function apiOf({ procedures }: Task): typeof Api {
  class Numbered extends Api {}
  for (let number = 0; number < procedures; number++)
    Object.defineProperty(Numbered.prototype, `echo${number}`, { value: (given: Item) => ITEM_SCHEMA.parse(given) })
  return Numbered
}

async function serve(task: Task): Promise<ServerEnd> {
  const ApiOfTask = apiOf(task)
  const wss = new WebSocketServer({ port: 0 })
  wss.on('connection', (socket) => {
    socket.on('error', () => socket.terminate())
    // Its type is that of the browser's.
    newWebSocketRpcSession(socket as never, new ApiOfTask())
  })
  await new Promise((resolve) => wss.once('listening', resolve))
  return { port: (wss.address() as AddressInfo).port }
}

// It asks the global class what state a socket is in, and Node 20 has none.
globalThis.WebSocket ??= WebSocket as never

/** It has no reconnect of its own: the first call after a loss opens another session. */
async function connect(port: number): Promise<ClientEnd> {
  let session: { readonly socket: WebSocket; readonly api: RpcStub<Api>; readonly isBroken: boolean } | undefined
  function open() {
    const socket = new WebSocket(`ws://localhost:${port}`)
    socket.on('error', () => socket.terminate())
    const opened = { socket, api: newWebSocketRpcSession<Api>(socket as never), isBroken: false }
    opened.api.onRpcBroken(() => {
      opened.isBroken = true
    })
    return opened
  }
  function api(): RpcStub<Api> {
    if (session === undefined || session.isBroken) session = open()
    return session.api
  }
  return {
    echo: async (given) => api().echo(given),
    // The class that the task made isn't known by name.
    echoBy: async (number, given) =>
      (api() as unknown as Record<string, (given: Item) => Promise<Item>>)[`echo${number}`]?.(given) ?? missing(number),
    stream: async (count, onItem) => {
      for await (const event of await api().stream(count)) onItem(event)
    },
    follow: async (onItem) => api().follow(onItem as never),
    publish: async (count) => api().publish(count),
    rows: async () => api().rows(),
    datedRows: async () => api().datedRows(),
    bytes: async (bytes) => api().bytes(bytes),
    close: () => session?.socket.close(),
  }
}

function missing(number: number): never {
  throw new Error(`There is no method echo${number}.`)
}
