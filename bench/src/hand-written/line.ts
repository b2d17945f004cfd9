import type { WebSocket } from 'ws'

/** How messages, which are JSON texts, travel on a hand-written WebSocket. */
export interface Line {
  /** Sends a message; resolves when more may be sent. */
  post(socket: WebSocket, text: string): Promise<void> | undefined
  /** The messages that arrived as one. */
  read(text: string): readonly unknown[]
}

/** More than this waits for the socket before the next message. */
const HIGH_WATER_BYTES = 64 * 1024

/** Each message alone. */
export const ONE_BY_ONE: Line = { post: send, read: (text) => [JSON.parse(text)] }

/** All messages of one turn of the event loop as one array, each socket's own. */
export function batches(): Line {
  const waiting = new Map<WebSocket, string[]>()
  function post(socket: WebSocket, text: string): Promise<void> | undefined {
    const batch = waiting.get(socket)
    if (batch !== undefined) {
      batch.push(text)
      return batch.length < MOST_IN_BATCH ? undefined : flush(socket, batch)
    }
    waiting.set(socket, [text])
    if (waiting.size === 1) setImmediate(flushAll)
    return undefined
  }
  function flush(socket: WebSocket, batch: readonly string[]): Promise<void> | undefined {
    waiting.delete(socket)
    return send(socket, `[${batch.join()}]`)
  }
  function flushAll(): void {
    for (const [socket, batch] of waiting) void flush(socket, batch)
  }
  return { post, read: JSON.parse }
}

/** A producer that never waits would keep its turn, and so everything in memory. */
const MOST_IN_BATCH = 512

function send(socket: WebSocket, text: string): Promise<void> | undefined {
  if (socket.bufferedAmount > HIGH_WATER_BYTES)
    return new Promise((resolve) => {
      socket.send(text, () => resolve())
    })
  socket.send(text)
  return undefined
}
