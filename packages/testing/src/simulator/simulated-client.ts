import { ClientConnection, settings } from '@hotline/client/internal'
import type { CallOptions } from '@hotline/core'
import type { History } from './history.ts'
import type { Network } from './network.ts'
import type { Random } from './random.ts'
import { SimulatedEnvironment } from './simulated-environment.ts'
import type { SocketWrap } from './simulation-options.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** How often the application's `auth` does something else than to answer. Shares from 0 to 1. */
interface TokenSource {
  readonly slow: number
  readonly hangs: number
  readonly throws: number
}

export interface SimulatedClientOptions {
  readonly name: string
  readonly clock: VirtualClock
  readonly random: Random
  readonly network: Network
  readonly history: History
  readonly tokens: TokenSource
  readonly wrap: SocketWrap
  readonly trace: ((line: string) => void) | undefined
}

/** One client in a process of its own. */
export class SimulatedClient {
  readonly name: string
  readonly environment: SimulatedEnvironment
  readonly #options: SimulatedClientOptions
  readonly #connection: ClientConnection
  #isCalm = false

  constructor(options: SimulatedClientOptions) {
    const { name, clock, random, network, wrap } = options
    this.name = name
    this.#options = options
    this.environment = new SimulatedEnvironment(clock, random.fork(), random.pick(['turn', 'microtask']))
    this.#connection = new ClientConnection(
      settings(
        { auth: () => this.#token() },
        (listener) => wrap(network.open(name, listener), 'client', this.environment),
        this.environment,
      ),
    )
    this.#connection.subscribe(() => this.#onState())
  }

  get isClosed(): boolean {
    return this.#options.history.closedAt.has(this.name)
  }

  call(path: string, input: unknown, options: CallOptions): Promise<unknown> {
    return this.#connection.call(path, input, options)
  }

  connect(): void {
    this.#connection.connect()
  }

  /** The network is said to be back. */
  hurry(): void {
    this.#connection.hurry()
  }

  close(): void {
    const { history, clock } = this.#options
    if (!this.isClosed) history.closedAt.set(this.name, clock.now())
    this.#connection.close()
  }

  /** From now on `auth` answers at once. */
  calm(): void {
    this.#isCalm = true
    if (this.#connection.state.name === 'unauthenticated') this.connect()
  }

  async #token(): Promise<string> {
    const { random, tokens } = this.#options
    if (this.#isCalm) return this.name
    if (random.chance(tokens.slow)) await this.#sleep(random.between(0, 500))
    if (random.chance(tokens.hangs)) await this.#sleep(60_000)
    if (random.chance(tokens.throws)) throw new Error('There is no token now.')
    return this.name
  }

  #onState(): void {
    const { history, clock, random, trace } = this.#options
    const { state } = this.#connection
    trace?.(`${this.name} is ${state.name}`)
    if (state.name !== 'unauthenticated') return
    history.refused.add(this.name)
    clock.schedule(() => this.connect(), this.#isCalm ? 0 : random.between(0, 4_000))
  }

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.environment.setTimer(resolve, delayMs))
  }
}
