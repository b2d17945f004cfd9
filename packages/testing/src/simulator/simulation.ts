import { DISTURBANCE_WEIGHTS, DISTURBANCES } from './disturbances.ts'
import { type History, newHistory } from './history.ts'
import { judge } from './invariants.ts'
import { Network } from './network.ts'
import { chooseOperation, type Operation, PROBE } from './operation.ts'
import { perform } from './perform.ts'
import { Random } from './random.ts'
import { judgeRest } from './rest.ts'
import { SimulatedClient } from './simulated-client.ts'
import { SimulatedServer } from './simulated-server.ts'
import { PROMISES, type SimulationOptions } from './simulation-options.ts'
import { Tap } from './tap.ts'
import { VirtualClock } from './virtual-clock.ts'
import { weatherOf } from './weather.ts'

/** What a run has shown. */
export interface Report {
  readonly seed: number
  /** Sentences; empty where every rule held. */
  readonly violations: readonly string[]
  /** Sessions that a server began. */
  readonly sessions: number
  /** Open connections that ended, whatever the cause. */
  readonly cuts: number
  readonly operations: number
  /** Frames that arrived. */
  readonly frames: number
}

/** The longest patience, back-off and `auth` have run out by then, and every client has a line or is getting one. */
const PROBE_AFTER_MS = 30_000

/** By then every probe has its answer and whatever had a deadline has met it. */
const CLOSE_AFTER_MS = 150_000

/** Longer than anything lasts that was begun before: what isn't at rest then never will be. */
const REST_MS = 300_000

/** One run: some clients, a server and a network, all chosen by a seed; first in bad weather, then in good. */
export class Simulation {
  readonly #seed: number
  readonly #random: Random
  readonly #history: History = newHistory()
  readonly #clock = new VirtualClock((error) => this.#thrown(error))
  readonly #tap: Tap
  readonly #network: Network
  readonly #server: SimulatedServer
  readonly #clients: readonly SimulatedClient[]
  readonly #trace: ((line: string) => void) | undefined

  constructor(seed: number, { promises = PROMISES, wrap = (socket) => socket, trace }: SimulationOptions = {}) {
    const random = new Random(seed)
    const clock = this.#clock
    const history = this.#history
    this.#seed = seed
    this.#random = random
    this.#trace = trace && ((line) => trace(`${clock.now().toFixed(2).padStart(10)} ${line}`))
    this.#tap = new Tap(clock, history, promises)
    const shared = { clock, history, wrap, trace: this.#trace }
    const network = new Network({ ...shared, random: random.fork(), weather: weatherOf(random), watcher: this.#tap })
    this.#network = network
    this.#server = new SimulatedServer({
      ...shared,
      random: random.fork(),
      network,
      doorKeeping: {
        slow: this.#share(1),
        hangs: this.#share(0.2),
        refuses: this.#share(0.5),
        throws: this.#share(0.3),
      },
      processEnded: () => this.#tap.processEnds(),
    })
    this.#clients = Array.from({ length: random.integer(1, 3) }, (_, index) => {
      const tokens = { slow: this.#share(1), hangs: this.#share(0.2), throws: this.#share(0.3) }
      return new SimulatedClient({ ...shared, name: `c${index + 1}`, random: random.fork(), network, tokens })
    })
  }

  async run(): Promise<Report> {
    const stormMs = this.#plan()
    await this.#clock.run(stormMs)
    this.#clearUp()
    await this.#clock.run(stormMs + CLOSE_AFTER_MS)
    this.#trace?.('everybody goes home')
    for (const client of this.#clients) client.close()
    this.#server.stop()
    await this.#clock.run(stormMs + CLOSE_AFTER_MS + REST_MS)
    return this.#report()
  }

  /** Puts operations and disturbances on the clock. Gives the time when the weather clears up. */
  #plan(): number {
    const random = this.#random
    const stormMs = random.pick([1_000, 10_000, 60_000])
    // Some server comes up only when its clients have called.
    this.#clock.schedule(() => this.#server.start(), random.chance(0.8) ? 0 : random.between(0, stormMs))
    for (let left = random.integer(1, 50); left > 0; ) {
      const at = random.between(0, stormMs)
      for (let burst = random.pick([1, 1, 5, 12]); burst > 0 && left > 0; burst--, left--) {
        const operation = chooseOperation(random)
        const client = random.pick(this.#clients as [SimulatedClient, ...SimulatedClient[]]) // there is at least one
        this.#clock.schedule(() => this.#perform(operation, client), at)
      }
    }
    const scene = { clock: this.#clock, random, network: this.#network, server: this.#server, clients: this.#clients }
    for (let left = random.integer(0, 8); left > 0; left--) {
      const name = random.weighted(DISTURBANCE_WEIGHTS)
      this.#clock.schedule(() => DISTURBANCES[name].happen(scene), random.between(0, stormMs))
    }
    return stormMs
  }

  #clearUp(): void {
    this.#trace?.('the weather clears up')
    this.#network.calm()
    this.#server.calm()
    this.#server.start()
    for (const client of this.#clients) client.calm()
    this.#clock.schedule(() => {
      for (const client of this.#clients) {
        if (!client.isClosed) this.#history.probes.push(this.#perform(PROBE, client).task.call)
      }
    }, PROBE_AFTER_MS)
  }

  #perform(operation: Operation, client: SimulatedClient) {
    return perform(operation, client, { clock: this.#clock, history: this.#history, trace: this.#trace })
  }

  /** Nothing of ours may throw into the event loop: a process would end of it. */
  #thrown(error: unknown): void {
    this.#history.violations.push(`thrown: ${error instanceof Error ? error.stack : String(error)}`)
  }

  #report(): Report {
    const history = this.#history
    const remains = { history, network: this.#network, server: this.#server, clients: this.#clients }
    return {
      seed: this.#seed,
      violations: [...history.violations, ...judge(history), ...judgeRest(remains)],
      sessions: this.#tap.wire.sessions,
      cuts: this.#tap.cuts,
      operations: history.calls.length,
      frames: this.#tap.wire.frames,
    }
  }

  #share(most: number): number {
    return this.#random.chance(0.3) ? this.#random.next() * most : 0
  }
}
