import { judgeAsks } from './ask-invariants.ts'
import type { Conditions } from './conditions.ts'
import { Fleet } from './fleet.ts'
import { type FlowPlan, probeFlow } from './flow.ts'
import { judgeFlowRest, judgeFlows } from './flow-invariants.ts'
import { type History, newHistory } from './history.ts'
import { judge } from './invariants.ts'
import { Network } from './network.ts'
import { type Operation, PROBE } from './operation.ts'
import { perform } from './perform.ts'
import { performFlow } from './perform-flow.ts'
import type { Random } from './random.ts'
import { judgeRest } from './rest.ts'
import { SimulatedClient } from './simulated-client.ts'
import type { SimulationOptions } from './simulation-options.ts'
import { Tap } from './tap.ts'
import { VirtualClock } from './virtual-clock.ts'
import type { WireCheck } from './wire-check.ts'

/** What a run has shown. */
export interface Report {
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

/** Clients, servers and the network between them on one clock, with everything that happened there. */
export class World {
  readonly clock = new VirtualClock((error) => this.#thrown(error))
  readonly history: History
  readonly network: Network
  readonly fleet: Fleet
  readonly clients: readonly SimulatedClient[]
  readonly trace: ((line: string) => void) | undefined
  readonly #tap: Tap
  readonly #random: Random

  constructor(
    random: Random,
    conditions: Conditions,
    { wrap = (socket) => socket, fault, trace }: SimulationOptions = {},
  ) {
    this.history = newHistory(conditions)
    this.#random = random
    const { clock, history } = this
    const { graceMs, maxDetachedPerPrincipal, weather, isRouted } = conditions
    this.trace = trace && ((line) => trace(`${clock.now().toFixed(2).padStart(10)} ${line}`))
    const ownNow = (process: number) => this.fleet.processes[process]?.environment.now() ?? clock.now()
    const isPunctual = (process: number) => this.fleet.processes[process]?.environment.isPunctual ?? true
    this.#tap = new Tap({ clock, history, graceMs, maxDetachedPerPrincipal, ownNow, isPunctual })
    const shared = { clock, history, conditions, wrap, trace: this.trace }
    const network = new Network({ ...shared, random: random.fork(), weather, isRouted, fault, watcher: this.#tap })
    this.network = network
    this.fleet = new Fleet({
      ...shared,
      random: random.fork(),
      network,
      processEnded: (process) => this.#tap.processEnds(process),
      revoked: (process, principal) => this.#tap.revoked(process, principal),
    })
    this.clients = Array.from({ length: conditions.clients }, (_, index) => {
      const name = `c${index + 1}`
      const principal = conditions.isOnePrincipal ? 'somebody' : name
      return new SimulatedClient({ ...shared, name, principal, random: random.fork(), network })
    })
  }

  get wire(): WireCheck {
    return this.#tap.wire
  }

  /** Lets a client's application do something, as soon as its process runs. */
  perform(operation: Operation, client: SimulatedClient): void {
    client.environment.whenRunning(() => perform(operation, client, this))
  }

  /** Lets a client's application begin a flow, as soon as its process runs. */
  performFlow(flow: FlowPlan, client: SimulatedClient): void {
    client.environment.whenRunning(() => performFlow(flow, client, this))
  }

  /** Lets the storm end at `stormMs`: everybody must find back, be answered, and leave nothing behind. */
  async finish(stormMs: number): Promise<Report> {
    await this.clock.run(stormMs)
    this.#clearUp()
    await this.clock.run(stormMs + CLOSE_AFTER_MS)
    this.trace?.('everybody goes home')
    for (const client of this.clients) client.close()
    this.fleet.stopAll()
    await this.clock.run(stormMs + CLOSE_AFTER_MS + REST_MS)
    return this.#report(stormMs + PROBE_AFTER_MS)
  }

  #clearUp(): void {
    this.trace?.('the weather clears up')
    this.network.calm()
    this.fleet.calm()
    this.fleet.start()
    for (const client of this.clients) client.calm()
    this.clock.schedule(() => {
      for (const client of this.clients) {
        client.environment.whenRunning(() => this.#probe(client))
      }
    }, PROBE_AFTER_MS)
  }

  #probe(client: SimulatedClient): void {
    if (client.isClosed) return
    this.history.probes.push(perform(PROBE, client, this).number)
    // A run without flows is quick, and stays so.
    if (this.history.flows.length > 0) performFlow(probeFlow(this.#random), client, this)
  }

  /** Nothing of ours may throw into the event loop: a process would end of it. */
  #thrown(error: unknown): void {
    this.history.violations.push(`thrown: ${error instanceof Error ? error.stack : String(error)}`)
  }

  #report(calmAt: number): Report {
    const { history, fleet } = this
    const isAlive = (process: number) => fleet.processes[process]?.environment.isKilled === false
    return {
      violations: [
        ...history.violations,
        ...judge(history),
        ...judgeAsks(history),
        ...judgeFlows(history),
        ...judgeFlowRest(history, calmAt, isAlive),
        ...judgeRest(this),
      ],
      sessions: this.#tap.wire.sessions,
      cuts: history.cuts.length,
      operations: history.calls.length + history.flows.length,
      frames: this.#tap.wire.frames,
    }
  }
}
