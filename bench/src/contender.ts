import type { Item } from './item.ts'

/** One way to make calls over a WebSocket, both ends of it. Each has a file in `contenders/`, and runs in two processes. */
export interface Contender {
  serve(): Promise<ServerEnd>
  connect(port: number): Promise<ClientEnd>
}

export interface ServerEnd {
  readonly port: number
}

/** A connected client. Every contender does the same work with the same items. */
export interface ClientEnd {
  /** The server gives back what it got. */
  echo(item: Item): Promise<Item>
  /** The server sends items 0 to `count - 1`, each as an event of its own; resolves after the last. */
  stream(count: number, onItem: (item: Item) => void): Promise<void>
  /** Resolves once this client gets each item that is published. */
  follow(onItem: (item: Item) => void): Promise<void>
  /** Publishes items 0 to `count - 1` to every follower, in one turn of the server's event loop. */
  publish(count: number): Promise<void>
  close(): void
}
