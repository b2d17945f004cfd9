import type { Socket, SocketListener } from '@hotline/core/internal'
import { Link } from './link.ts'
import type { End } from './link-end.ts'
import type { Random } from './random.ts'
import type { SimulatedEnvironment } from './simulated-environment.ts'
import type { Fault } from './simulation-options.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { Watcher } from './watcher.ts'
import { CALM, type Weather } from './weather.ts'

/** What a client hears of a connection that it opened. */
export interface OpenListener extends SocketListener {
  opened(): void
}

/** A process that takes connections. */
export interface Door {
  readonly number: number
  /** What a balancer routes by. */
  readonly node: string
  readonly environment: SimulatedEnvironment
  /** It goes away: a balancer that knows brings it nobody new. */
  readonly isLeaving: boolean
  accept(socket: Socket, link: Link): SocketListener
}

/** Who opens a connection. */
export interface Visitor {
  readonly name: string
  readonly environment: SimulatedEnvironment
}

export interface NetworkOptions {
  readonly clock: VirtualClock
  readonly random: Random
  readonly weather: Weather
  readonly watcher: Watcher
  /** Whether the balancer brings a client back to the process that it asks for. */
  readonly isRouted: boolean
  readonly fault?: Fault | undefined
  readonly trace?: ((line: string) => void) | undefined
}

/** Carries connections between clients and the processes that listen at the moment, as well as its weather lets it. */
export class Network {
  readonly #options: NetworkOptions
  readonly #links = new Set<Link>()
  #weather: Weather
  readonly #doors = new Set<Door>()
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

  /** From now on connections may come to this process. */
  listen(door: Door): void {
    this.#doors.add(door)
  }

  leave(door: Door): void {
    this.#doors.delete(door)
  }

  /** Begins to connect, where the balancer routes to the process named `node`. */
  open({ name: client, environment }: Visitor, listener: OpenListener, node?: string): Socket {
    const { clock, random, watcher, fault, trace } = this.#options
    const link: Link = new Link({
      name: `${client}#${++this.#opened}`,
      client,
      clock,
      random,
      watcher,
      fault,
      weather: () => this.#weather,
      over: () => this.#links.delete(link),
      trace,
    })
    this.#links.add(link)
    const end = link.ends.client
    end.listener = listener
    end.owner = environment
    watcher.opens(link)
    trace?.(`${link.name} begins to connect`)
    if (random.chance(this.#weather.unanswered)) return end
    const isRefused = random.chance(this.#weather.refused)
    clock.schedule(() => (isRefused ? end.end(1006, '') : this.#reach(link, listener, node)), link.delayMs())
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

  #reach(link: Link, listener: OpenListener, node: string | undefined): void {
    const { client } = link.ends
    if (client.isClosed || link.isCut) return
    const door = this.#doorFor(node)
    if (door === undefined) return client.end(1006, '')
    // The kernel has the connection, but nobody takes it.
    door.environment.whenRunning(() => this.#enter(link, listener, door))
  }

  #enter(link: Link, listener: OpenListener, door: Door): void {
    const { client, server } = link.ends
    if (client.isClosed || link.isCut) return
    if (!this.#doors.has(door)) return client.end(1006, '')
    const { clock } = this.#options
    const delayMs = link.delayMs()
    server.way.notBefore(clock.now() + delayMs)
    // Before the server can say anything, so that of two things due at one time the opening comes first.
    clock.schedule(() => answer(client, listener), delayMs)
    link.process = door.number
    server.owner = door.environment
    server.open((socket) => door.accept(socket, link))
  }

  #doorFor(node: string | undefined): Door | undefined {
    const { isRouted, random } = this.#options
    const doors = [...this.#doors]
    const own = isRouted ? doors.find((door) => door.node === node) : undefined
    if (own !== undefined) return own
    const staying = isRouted ? doors.filter((door) => !door.isLeaving) : doors
    const open = staying.length > 0 ? staying : doors
    return open.length < 2 ? open[0] : open[random.integer(0, open.length - 1)]
  }
}

function answer(client: End, listener: OpenListener): void {
  if (client.owner === undefined) return
  client.owner.whenRunning(() => {
    if (!client.isConnecting) return
    client.open(() => listener)
    listener.opened()
  })
}
