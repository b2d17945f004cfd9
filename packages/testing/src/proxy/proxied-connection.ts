import type { Socket } from 'node:net'
import type { Conditions, Way } from './conditions.ts'
import { OneWay, type Tally } from './one-way.ts'

export interface ProxiedConnectionOptions {
  /** The socket that the client opened to the proxy. */
  readonly client: Socket
  /** The socket that the proxy opened to the server. */
  readonly server: Socket
  /** Counts for all connections. */
  readonly tallies: Readonly<Record<Way, Tally>>
  /** The line's conditions at the moment. */
  conditions(way: Way): Conditions
}

/** A client's connection and the one to the server that the proxy made for it. */
export class ProxiedConnection {
  /** Resolves when both sockets are closed. */
  readonly closed: Promise<void>
  readonly #client: Socket
  readonly #server: Socket
  readonly #ways: Readonly<Record<Way, OneWay>>

  constructor({ client, server, tallies, conditions }: ProxiedConnectionOptions) {
    this.#client = client
    this.#server = server
    const cut = () => this.cut()
    this.#ways = {
      up: new OneWay({ from: client, to: server, tally: tallies.up, conditions: () => conditions('up'), cut }),
      down: new OneWay({ from: server, to: client, tally: tallies.down, conditions: () => conditions('down'), cut }),
    }
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      // What an error means is in the close behind it.
      socket.on('error', () => {})
    }
    this.closed = Promise.all([closed(client), closed(server)]).then(() => {})
  }

  /** The conditions have changed. */
  pump(): void {
    this.#ways.up.pump()
    this.#ways.down.pump()
  }

  /** Resets both sides at once, as a machine does that lost its state. */
  cut(): void {
    for (const socket of [this.#client, this.#server]) {
      if (socket.connecting) socket.destroy()
      else if (!socket.destroyed) socket.resetAndDestroy()
    }
  }

  /** Says on behalf of the sender that nothing more comes this way, behind what is on its way; the other way stays open. */
  end(way: Way): void {
    this.#ways[way].take('end')
  }
}

async function closed(socket: Socket): Promise<void> {
  await new Promise((resolve) => socket.on('close', resolve))
}
