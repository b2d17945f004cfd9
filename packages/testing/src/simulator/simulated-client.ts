import { clientHandlers } from '@hotline/client'
import { ClientConnection, settings } from '@hotline/client/internal'
import type { CallOptions } from '@hotline/core'
import { askRouter } from './ask-router.ts'
import type { Conditions } from './conditions.ts'
import type { History } from './history.ts'
import type { Network } from './network.ts'
import { PlannedFailure } from './planned-failure.ts'
import type { Random } from './random.ts'
import { SimulatedEnvironment } from './simulated-environment.ts'
import type { SocketWrap } from './simulation-options.ts'
import { sleep } from './sleep.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface SimulatedClientOptions {
  readonly name: string
  readonly clock: VirtualClock
  readonly random: Random
  readonly network: Network
  readonly history: History
  readonly principal: string
  readonly conditions: Conditions
  readonly wrap: SocketWrap
  readonly trace: ((line: string) => void) | undefined
}

/** One client in a process of its own. */
export class SimulatedClient {
  readonly name: string
  readonly environment: SimulatedEnvironment
  readonly #options: SimulatedClientOptions
  readonly #connection: ClientConnection
  #principal: string
  #isCalm = false

  constructor(options: SimulatedClientOptions) {
    const { name, clock, random, network, conditions, wrap } = options
    this.name = name
    this.#principal = options.principal
    this.#options = options
    this.environment = new SimulatedEnvironment(clock, random.fork(), random.pick(['turn', 'microtask']))
    const { caller, ...rest } = settings(
      {
        auth: () => this.#token(),
        handlers: clientHandlers(this.#handlers()),
        onError: ({ error }) => this.#onError(error),
      },
      (listener, node) => wrap(network.open(this, listener, node), 'client', this.environment),
      this.environment,
    )
    const { queueCharacters } = conditions
    this.#connection = new ClientConnection({ ...rest, caller: { ...caller, queueCharacters } })
    this.#connection.subscribe(() => this.#onState())
  }

  get isClosed(): boolean {
    return this.#options.history.closedAt.has(this.name)
  }

  /** Who it is at the moment. */
  get principal(): string {
    return this.#principal
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

  #handlers() {
    const { history, clock, name } = this.#options
    const rest = (delayMs: number, signal: AbortSignal) => sleep(this.environment, delayMs, signal)
    return askRouter(history, { client: name, now: () => clock.now(), sleep: rest })
  }

  /** Its server sees these as INTERNAL; here each has to be one that was planned. */
  #onError(error: unknown): void {
    if (!(error instanceof PlannedFailure)) this.#options.history.violations.push(`${this.name} failed: ${error}`)
  }

  async #token(): Promise<string> {
    const { random, conditions } = this.#options
    const { tokens } = conditions
    if (this.#isCalm) return this.#principal
    if (random.chance(tokens.slow)) await this.#sleep(random.between(0, 500))
    if (random.chance(tokens.hangs)) await this.#sleep(60_000)
    if (random.chance(tokens.throws)) throw new Error('There is no token now.')
    if (random.chance(tokens.changes)) this.#principal = `${this.#principal}'`
    return this.#principal
  }

  #onState(): void {
    const { history, clock, random, trace } = this.#options
    const { state } = this.#connection
    trace?.(`${this.name} is ${state.name}`)
    if (state.name !== 'unauthenticated') return
    history.refused.add(this.name)
    clock.schedule(
      () => this.environment.whenRunning(() => this.connect()),
      this.#isCalm ? 0 : random.between(0, 4_000),
    )
  }

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.environment.setTimer(resolve, delayMs))
  }
}
