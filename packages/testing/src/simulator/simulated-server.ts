import type { IncomingMessage } from 'node:http'
import { HotlineError } from '@hotline/core'
import type { Socket, SocketListener } from '@hotline/core/internal'
import { ConnectionPool, resolveOptions } from '@hotline/server/internal'
import type { History } from './history.ts'
import type { Link } from './link.ts'
import type { Network } from './network.ts'
import type { Random } from './random.ts'
import { SimulatedEnvironment } from './simulated-environment.ts'
import type { SocketWrap } from './simulation-options.ts'
import type { VirtualClock } from './virtual-clock.ts'
import { PlannedFailure, workloadRouter } from './workload-router.ts'

/** How often `authenticate` does something else than to accept. Shares from 0 to 1. */
interface DoorKeeping {
  readonly slow: number
  readonly hangs: number
  readonly refuses: number
  readonly throws: number
}

export interface SimulatedServerOptions {
  readonly clock: VirtualClock
  readonly random: Random
  readonly network: Network
  readonly history: History
  readonly doorKeeping: DoorKeeping
  readonly wrap: SocketWrap
  readonly trace: ((line: string) => void) | undefined
  /** A process has ended, and what it knew is gone. */
  processEnded(): void
}

/** A stopping process cuts off who hasn't closed by then, as `server.close()` does. */
const CLOSE_TIMEOUT_MS = 2_000

/** A server, which lives in one process after the other. What a process knew dies with it. */
export class SimulatedServer {
  readonly #options: SimulatedServerOptions
  readonly #processes: ServerProcess[] = []
  #isCalm = false

  constructor(options: SimulatedServerOptions) {
    this.#options = options
  }

  get isUp(): boolean {
    return this.#processes.at(-1)?.isListening === true
  }

  /** Every process there was, the living one last. */
  get processes(): readonly ServerProcess[] {
    return this.#processes
  }

  start(): void {
    if (this.isUp) return
    const process = new ServerProcess(this.#processes.length, this.#options, () => this.#isCalm)
    this.#options.trace?.(`process ${process.number} starts`)
    this.#processes.push(process)
    this.#options.network.listen((socket, link) => process.accept(socket, link))
  }

  /** As SIGTERM does: connections are closed, handlers are aborted, and the process ends when they have ended. */
  stop(): void {
    if (!this.isUp) return
    this.#options.network.listen(undefined)
    this.#processes.at(-1)?.stop()
    this.#options.processEnded()
  }

  /** As SIGKILL does. */
  kill(): void {
    if (!this.isUp) return
    this.#options.network.listen(undefined)
    this.#processes.at(-1)?.kill()
    this.#options.processEnded()
  }

  /** From now on `authenticate` accepts everybody. */
  calm(): void {
    this.#isCalm = true
  }
}

/** One process of a server. */
export class ServerProcess {
  readonly number: number
  readonly environment: SimulatedEnvironment
  isListening = true
  readonly #options: SimulatedServerOptions
  readonly #isCalm: () => boolean
  readonly #pool: ConnectionPool
  readonly #links = new Set<Link>()
  readonly #contexts = new WeakSet<object>()

  constructor(number: number, options: SimulatedServerOptions, isCalm: () => boolean) {
    const { clock, random, history } = options
    this.number = number
    this.#options = options
    this.#isCalm = isCalm
    this.environment = new SimulatedEnvironment(clock, random.fork(), 'turn')
    const router = workloadRouter(history, {
      process: number,
      now: () => clock.now(),
      sleep: (delayMs, signal) => sleep(this.environment, delayMs, signal),
      isAuthenticated: (context) => this.#contexts.has(context),
    })
    const settings = resolveOptions<object>(
      {
        authenticate: ({ auth }) => this.#authenticate(String(auth)),
        logger: SILENT,
        onError: ({ error, path }) => this.#onError(error, path),
        limits: { maxCalls: 1_000 },
      },
      this.environment,
    )
    this.#pool = new ConnectionPool(router, settings)
  }

  /** Connections that it hasn't forgotten. */
  get connections(): number {
    return this.#pool.size
  }

  accept(socket: Socket, link: Link): SocketListener {
    this.#links.add(link)
    return this.#pool.accept(this.#options.wrap(socket, 'server', this.environment), REQUEST)
  }

  stop(): void {
    this.#options.trace?.(`process ${this.number} stops`)
    this.isListening = false
    this.#pool.closeAll()
    this.#options.clock.schedule(() => {
      for (const { ends } of this.#links) ends.server.abort()
    }, CLOSE_TIMEOUT_MS)
  }

  kill(): void {
    this.#options.trace?.(`process ${this.number} is killed`)
    this.isListening = false
    this.environment.kill()
    for (const { ends } of this.#links) ends.server.die()
  }

  async #authenticate(principal: string): Promise<{ principal: string; context: object }> {
    const { random, doorKeeping } = this.#options
    if (!this.#isCalm()) {
      if (random.chance(doorKeeping.slow)) await sleep(this.environment, random.between(0, 400))
      if (random.chance(doorKeeping.hangs)) await sleep(this.environment, 60_000)
      if (random.chance(doorKeeping.refuses)) throw new HotlineError('UNAUTHORIZED')
      if (random.chance(doorKeeping.throws)) throw new PlannedFailure('The database is away.')
    }
    const context = {}
    this.#contexts.add(context)
    return { principal, context }
  }

  /** Clients see these as INTERNAL; here each has to be one that was planned. */
  #onError(error: unknown, path: string | undefined): void {
    if (error instanceof PlannedFailure || (error instanceof HotlineError && EXPECTED.has(error.code))) return
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#options.history.violations.push(`process ${this.number} failed in ${path ?? 'a connection'}: ${text}`)
  }
}

/** A value that can't be sent. */
const EXPECTED = new Set(['NOT_ENCODABLE'])

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

// The pool only hands the request on to `authenticate`, which doesn't look at it here.
const REQUEST = { url: '/rpc', headers: {} } as IncomingMessage

function sleep(environment: SimulatedEnvironment, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason)
    const onAbort = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = environment.setTimer(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, delayMs)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
