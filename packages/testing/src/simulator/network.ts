import type { Socket, SocketListener } from '@hotline/core/internal'
import { Link } from './link.ts'
import type { End } from './link-end.ts'
import type { Random } from './random.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { Watcher } from './watcher.ts'
import { CALM, type Weather } from './weather.ts'

/** What a client hears of a connection that it opened. */
export interface OpenListener extends SocketListener {
  opened(): void
}

/** What a server does with a connection that came. */
export type Accept = (socket: Socket, link: Link) => SocketListener

export interface NetworkOptions {
  readonly clock: VirtualClock
  readonly random: Random
  readonly weather: Weather
  readonly watcher: Watcher
  readonly trace?: ((line: string) => void) | undefined
}

/** Carries connections between clients and the server that listens at the moment, as well as its weather lets it. */
export class Network {
  readonly #options: NetworkOptions
  readonly #links = new Set<Link>()
  #weather: Weather
  #accept: Accept | undefined
  #opened = 0

  constructor(options: NetworkOptions) {
    this.#options = options
    this.#weather = options.weather
  }

  /** Links that at least one end still believes in. */
  get links(): readonly Link[] {
    return [...this.#links]
  }

  /** Connections that were opened or tried. */
  get opened(): number {
    return this.#opened
  }

  /** Whoever listens gets the connections from now on; `undefined` refuses them. */
  listen(accept: Accept | undefined): void {
    this.#accept = accept
  }

  /** Begins to connect. */
  open(client: string, listener: OpenListener): Socket {
    const { clock, random, watcher, trace } = this.#options
    const link: Link = new Link({
      name: `${client}#${++this.#opened}`,
      client,
      clock,
      random,
      watcher,
      weather: () => this.#weather,
      over: () => this.#links.delete(link),
      trace,
    })
    this.#links.add(link)
    const end = link.ends.client
    end.listener = listener
    watcher.opens(link)
    trace?.(`${link.name} begins to connect`)
    if (random.chance(this.#weather.unanswered)) return end
    const isRefused = random.chance(this.#weather.refused)
    clock.schedule(() => (isRefused ? end.end(1006, '') : this.#reach(link, listener)), link.delayMs())
    return end
  }

  /** From now on nothing goes wrong any more, and what was held comes out. */
  calm(): void {
    this.#weather = CALM
    for (const link of this.#links) {
      link.spare()
      link.release()
    }
  }

  #reach(link: Link, listener: OpenListener): void {
    const { client, server } = link.ends
    if (client.isClosed || link.isCut) return
    if (this.#accept === undefined) return client.end(1006, '')
    const { clock } = this.#options
    const delayMs = link.delayMs()
    server.way.notBefore(clock.now() + delayMs)
    // Before the server can say anything, so that of two things due at one time the opening comes first.
    clock.schedule(() => answer(client, listener), delayMs)
    server.open((socket) => this.#accept?.(socket, link))
  }
}

function answer(client: End, listener: OpenListener): void {
  if (!client.isConnecting) return
  client.open(() => listener)
  listener.opened()
}
