import type { Item } from './item.ts'
import type { DatedRow, Row } from './rows.ts'

/** One way to make calls over a WebSocket, both ends of it. Each has a file of its own, and runs in two processes. */
export interface Contender {
  serve(task: Task): Promise<ServerEnd>
  /** A client that is connected, or that connects at its first call. */
  connect(port: number, task: Task): Promise<ClientEnd>
}

/** What a workload needs beside the ordinary. */
export interface Task {
  /** How many procedures `echo0`, `echo1`, ... stand beside the ordinary ones. */
  readonly procedures: number
  /** Whether values are dates, too: some contenders send those only when told so. */
  readonly dates: boolean
}

export interface ServerEnd {
  readonly port: number
}

/** A client. Every contender does the same work with the same values. */
export interface ClientEnd {
  /** The server gives back what it got. */
  echo(item: Item): Promise<Item>
  /** The same by the procedure `echo<number>`. */
  echoBy(number: number, item: Item): Promise<Item>
  /** The server sends items 0 to `count - 1`, each as an event of its own; resolves after the last. */
  stream(count: number, onItem: (item: Item) => void): Promise<void>
  /** Resolves once this client gets each item that is published. */
  follow(onItem: (item: Item) => void): Promise<void>
  /** Publishes items 0 to `count - 1` to every follower, in one turn of the server's event loop. */
  publish(count: number): Promise<void>
  /** The server answers with `ROWS`. */
  rows(): Promise<readonly Row[]>
  /** The server answers with `DATED_ROWS`, and their dates arrive as dates. */
  datedRows(): Promise<readonly DatedRow[]>
  /** The server gives back the bytes that it got. */
  bytes(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
  close(): void
}
