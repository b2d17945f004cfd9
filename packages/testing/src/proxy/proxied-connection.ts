import type { Socket } from 'node:net'
import type { Conditions, Way } from './conditions.ts'
import { OneWay } from './one-way.ts'

export interface ProxiedConnectionOptions {
  /** The socket that the client opened to the proxy. */
  readonly client: Socket
  /** The socket that the proxy opened to the server. */
  readonly server: Socket
  /** The line's conditions at the moment. */
  conditions(way: Way): Conditions
  /** Both sockets are closed. */
  closed(): void
}

/** A client's connection and the one to the server that the proxy made for it. */
export class ProxiedConnection {
  readonly #client: Socket
  readonly #server: Socket
  readonly #ways: Readonly<Record<Way, OneWay>>

  constructor({ client, server, conditions, closed }: ProxiedConnectionOptions) {
    this.#client = client
    this.#server = server
    const cut = () => this.cut()
    this.#ways = {
      up: new OneWay({ from: client, to: server, conditions: () => conditions('up'), cut }),
      down: new OneWay({ from: server, to: client, conditions: () => conditions('down'), cut }),
    }
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      // What an error means is in the close behind it.
      socket.on('error', () => {})
      socket.on('close', () => client.destroyed && server.destroyed && closed())
    }
  }

  carriedBytes(way: Way): number {
    return this.#ways[way].carriedBytes
  }

  lostBytes(way: Way): number {
    return this.#ways[way].lostBytes
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
