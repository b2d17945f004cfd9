import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { CLEAR, checkConditions } from './conditions.ts'
import type { FaultyProxy, ProxyChange, ProxyOptions } from './faulty-proxy.ts'
import { ProxiedConnection } from './proxied-connection.ts'

/**
 * Starts a TCP proxy on a free port of 127.0.0.1.
 * @throws TypeError for a target that nothing connects to, and for conditions that are none.
 */
export async function startProxy({ target, ...faults }: ProxyOptions): Promise<FaultyProxy> {
  if (!(Number.isInteger(target.port) && target.port > 0 && target.port <= 65_535))
    throw new TypeError(`"target.port" is ${target.port}: give a whole number from 1 to 65535.`)
  checkConditions('up', faults.up)
  checkConditions('down', faults.down)
  const connections = new Set<ProxiedConnection>()
  const tallies = { up: { carriedBytes: 0, lostBytes: 0 }, down: { carriedBytes: 0, lostBytes: 0 } }
  let accepted = 0
  let refused = 0
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
    accepted++
    if (line.isRefusing) {
      refused++
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const server = connect({ port: target.port, host: target.host ?? '127.0.0.1', allowHalfOpen: true })
    const connection = new ProxiedConnection({ client, server, tallies, conditions: (way) => line[way] })
    connections.add(connection)
    void connection.closed.then(() => connections.delete(connection))
  }

  function change({ up, down, isRefusing }: ProxyChange): void {
    checkConditions('up', up)
    checkConditions('down', down)
    line.up = { ...line.up, ...up }
    line.down = { ...line.down, ...down }
    line.isRefusing = isRefusing ?? line.isRefusing
    for (const connection of [...connections]) connection.pump()
  }

  function cut(): void {
    for (const connection of [...connections]) connection.cut()
  }

  async function close(): Promise<void> {
    // Closing twice gives an error here, and nothing to wait for.
    const stopped = new Promise<void>((resolve) => listener.close(() => resolve()))
    const closed = [...connections].map((connection) => connection.closed)
    cut()
    await Promise.all([stopped, ...closed])
  }

  return {
    port,
    get counts() {
      return { accepted, refused, open: connections.size, up: { ...tallies.up }, down: { ...tallies.down } }
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
