import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { CLEAR, type Conditions, type Way } from './conditions.ts'
import { ProxiedConnection } from './proxied-connection.ts'

export interface ProxyTarget {
  readonly port: number
  /** 127.0.0.1 without one. */
  readonly host?: string | undefined
}

/** What changes about a line; what isn't named stays. */
export interface ProxyChange {
  readonly up?: Partial<Conditions> | undefined
  readonly down?: Partial<Conditions> | undefined
  /** New connections are reset at once. */
  readonly isRefusing?: boolean | undefined
}

export interface ProxyOptions extends ProxyChange {
  /** The server that connections are made to. It needs not listen yet: until it does, they are reset. */
  readonly target: ProxyTarget
}

/** What has happened since the start, over all connections. */
export interface ProxyCounts {
  /** Connections that clients made. */
  readonly accepted: number
  /** Those of them that were refused. */
  readonly refused: number
  /** Connections whose two sockets aren't both closed. */
  readonly open: number
  /** Bytes handed on, each way. */
  readonly carriedBytes: Readonly<Record<Way, number>>
  /** Bytes that vanished in a hole or on the way to somebody gone, each way. */
  readonly lostBytes: Readonly<Record<Way, number>>
}

/** A line between clients and a server that can be made bad while it is in use. */
export interface FaultyProxy extends AsyncDisposable {
  /** What clients connect to, on 127.0.0.1. */
  readonly port: number
  readonly counts: ProxyCounts
  /** Changes the line at once, for open connections too. */
  change(change: ProxyChange): void
  /** Takes every fault away. What stalled arrives; a connection that lost bytes stays a hole. */
  heal(): void
  /** Resets every open connection, on both sides. */
  cut(): void
  /** Ends one way of every open connection in good order; the other way stays open. */
  end(way: Way): void
  /** Resets what is open and stops listening; resolves when nothing is left. Closing twice is fine. */
  close(): Promise<void>
}

/** Starts a TCP proxy on a free port of 127.0.0.1. */
export async function startProxy({ target, ...faults }: ProxyOptions): Promise<FaultyProxy> {
  const connections = new Set<ProxiedConnection>()
  const past = { accepted: 0, refused: 0, carriedBytes: { up: 0, down: 0 }, lostBytes: { up: 0, down: 0 } }
  const line = { up: CLEAR, down: CLEAR, isRefusing: false }

  const listener = createServer({ allowHalfOpen: true }, accept)
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', resolve)
  })
  // A server that listens on TCP has an address with a port.
  const { port } = listener.address() as AddressInfo
  change(faults)

  function accept(client: Socket): void {
    past.accepted++
    if (line.isRefusing) {
      past.refused++
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const server = connect({ port: target.port, host: target.host ?? '127.0.0.1', allowHalfOpen: true })
    const connection = new ProxiedConnection({ client, server, conditions: (way) => line[way], closed })
    connections.add(connection)

    function closed(): void {
      if (!connections.delete(connection)) return
      for (const way of WAYS) {
        past.carriedBytes[way] += connection.carriedBytes(way)
        past.lostBytes[way] += connection.lostBytes(way)
      }
    }
  }

  function change({ up, down, isRefusing }: ProxyChange): void {
    line.up = { ...line.up, ...up }
    line.down = { ...line.down, ...down }
    line.isRefusing = isRefusing ?? line.isRefusing
    for (const connection of [...connections]) connection.pump()
  }

  function cut(): void {
    for (const connection of [...connections]) connection.cut()
  }

  const close = async () => {
    const closed = stopListening(listener)
    cut()
    await closed
  }

  return {
    port,
    get counts() {
      const both = (count: (connection: ProxiedConnection, way: Way) => number, ended: Record<Way, number>) => ({
        up: sum(connections, (connection) => count(connection, 'up')) + ended.up,
        down: sum(connections, (connection) => count(connection, 'down')) + ended.down,
      })
      return {
        accepted: past.accepted,
        refused: past.refused,
        open: connections.size,
        carriedBytes: both((connection, way) => connection.carriedBytes(way), past.carriedBytes),
        lostBytes: both((connection, way) => connection.lostBytes(way), past.lostBytes),
      }
    },
    change,
    heal: () => change({ up: CLEAR, down: CLEAR, isRefusing: false }),
    cut,
    end(way) {
      for (const connection of [...connections]) connection.end(way)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

const WAYS = ['up', 'down'] as const satisfies readonly Way[]

async function stopListening(listener: Server): Promise<void> {
  if (!listener.listening) return
  await new Promise<void>((resolve) => listener.close(() => resolve()))
}

function sum(connections: Iterable<ProxiedConnection>, count: (connection: ProxiedConnection) => number): number {
  let total = 0
  for (const connection of connections) total += count(connection)
  return total
}
