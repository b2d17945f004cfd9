import type { IncomingMessage } from 'node:http'
import { HotlineError, type IdempotencyStore } from '@hotline/core'
import { PROTOCOL_LIMITS, type Socket, type SocketListener } from '@hotline/core/internal'
import { ConnectionPool, resolveOptions, type ServerSession } from '@hotline/server/internal'
import type { AskPlan } from './ask.ts'
import { askClient } from './ask-client.ts'
import type { Conditions } from './conditions.ts'
import type { DurableKeys } from './durable-keys.ts'
import type { History } from './history.ts'
import type { Link } from './link.ts'
import type { Door } from './network.ts'
import { PlannedFailure } from './planned-failure.ts'
import type { Random } from './random.ts'
import { SimulatedEnvironment } from './simulated-environment.ts'
import type { SocketWrap } from './simulation-options.ts'
import { sleep } from './sleep.ts'
import type { VirtualClock } from './virtual-clock.ts'
import { workloadRouter } from './workload-router.ts'

export interface ServerProcessOptions {
  readonly clock: VirtualClock
  readonly random: Random
  readonly history: History
  readonly conditions: Conditions
  readonly keys: DurableKeys | undefined
  readonly wrap: SocketWrap
  readonly trace: ((line: string) => void) | undefined
  /** From now on nothing goes wrong at the door. */
  isCalm(): boolean
}

/** A stopping process cuts off who hasn't closed by then, as `server.close()` does. */
const CLOSE_TIMEOUT_MS = 2_000

/** One process of a server. What it knows dies with it. */
export class ServerProcess implements Door {
  readonly number: number
  readonly environment: SimulatedEnvironment
  isLeaving = false
  readonly #options: ServerProcessOptions
  readonly #pool: ConnectionPool
  readonly #links = new Set<Link>()
  /** Whose each context is; revoked ones aren't there any more. */
  readonly #callers = new Map<object, string>()
  /** Its sessions, with the characters that each held when it was first seen without a connection. */
  readonly #held = new Map<ServerSession, number | undefined>()

  constructor(number: number, options: ServerProcessOptions) {
    const { clock, random, history, conditions, keys } = options
    this.number = number
    this.#options = options
    this.environment = new SimulatedEnvironment(clock, random.fork(), 'turn')
    const router = workloadRouter(history, {
      process: number,
      now: () => clock.now(),
      sleep: (delayMs, signal) => sleep(this.environment, delayMs, signal),
      callerOf: (context) => this.#callers.get(context),
      ask: async (plan, client) => this.#ask(plan, client),
    })
    const settings = resolveOptions<object>(
      {
        authenticate: ({ auth }) => this.#authenticate(String(auth)),
        node: this.node,
        logger: SILENT,
        onError: ({ error, path }) => this.#onError(error, path),
        idempotencyStore: keys?.of(number) satisfies IdempotencyStore | undefined,
        limits: {
          maxCalls: 1_000,
          graceMs: conditions.graceMs,
          maxDetachedPerPrincipal: conditions.maxDetachedPerPrincipal,
        },
      },
      this.environment,
    )
    this.#pool = new ConnectionPool(router, { ...settings, epochNow: () => this.environment.now() })
    this.#watchDeliveries()
  }

  /** What a balancer routes by. */
  get node(): string {
    return `process ${this.number}`
  }

  /** Connections that it hasn't forgotten. */
  get connections(): number {
    return this.#pool.size
  }

  /** Sessions that it has. */
  get sessions(): number {
    return this.#pool.sessions.size
  }

  /** Lets its application call one of its clients, if there is one. */
  askSomebody(plan: AskPlan, random: Random): void {
    const clients = this.#pool.connections().all()
    const whom = clients[random.integer(0, Math.max(0, clients.length - 1))]
    if (whom !== undefined) void askClient(plan, whom, { ...this.#options, environment: this.environment })
  }

  accept(socket: Socket, link: Link): SocketListener {
    this.#links.add(link)
    const listener = this.#pool.accept(this.#options.wrap(socket, 'server', this.environment), REQUEST)
    return {
      message: (frame) => {
        listener.message(frame)
        this.#checkBuffers()
      },
      closed: (code, reason) => {
        listener.closed(code, reason)
        this.#checkBuffers()
      },
    }
  }

  /** As SIGTERM does with `server.close()`: connections are closed, handlers are aborted, and the process ends when they have ended. */
  stop(): void {
    this.#options.trace?.(`process ${this.number} stops`)
    this.environment.whenRunning(() => {
      this.#pool.closeAll()
      this.#options.clock.schedule(() => {
        for (const { ends } of this.#links) ends.server.abort()
      }, CLOSE_TIMEOUT_MS)
    })
  }

  /** As SIGTERM does with `server.drain()`: resolves when everybody has gone, at the latest at the deadline. */
  async drain(windowMs: number, deadlineMs: number): Promise<void> {
    this.#options.trace?.(`process ${this.number} drains within ${Math.round(deadlineMs)} ms`)
    this.isLeaving = true
    await this.#pool.drain({ windowMs, deadlineMs })
  }

  kill(): void {
    this.#options.trace?.(`process ${this.number} is killed`)
    this.environment.kill()
    this.#options.keys?.died(this.number)
    for (const { ends } of this.#links) ends.server.die()
  }

  /** Throws a principal out: what it had been let in with counts no longer. */
  revoke(principal: string): void {
    this.#options.trace?.(`process ${this.number} revokes ${principal}`)
    for (const [context, caller] of this.#callers) if (caller === principal) this.#callers.delete(context)
    this.#pool.revoke(principal)
    if (this.#pool.connections().of(principal).length > 0)
      this.#options.history.violations.push(`door: ${this.node} has clients of ${principal}, who was thrown out`)
  }

  /** A handler of a session that has ended meanwhile has nobody to ask. */
  async #ask(plan: AskPlan, client: unknown): Promise<void> {
    const whom = this.#pool
      .connections()
      .all()
      .find((connected) => connected.client === client)
    if (whom !== undefined) await askClient(plan, whom, { ...this.#options, environment: this.environment })
  }

  async #authenticate(principal: string): Promise<{ principal: string; context: object; expiresAt?: number }> {
    const { random, conditions, isCalm } = this.#options
    const { door, expiresInMs } = conditions
    if (!isCalm()) {
      if (random.chance(door.slow)) await sleep(this.environment, random.between(0, 400))
      if (random.chance(door.hangs)) await sleep(this.environment, 60_000)
      if (random.chance(door.refuses)) throw new HotlineError('UNAUTHORIZED')
      if (random.chance(door.throws)) throw new PlannedFailure('The database is away.')
    }
    const context = {}
    this.#callers.set(context, principal)
    const expiry = expiresInMs === undefined || isCalm() ? {} : { expiresAt: this.environment.now() + expiresInMs }
    return { principal, context, ...expiry }
  }

  /** What a session keeps for its client is seen where the session is handed out. */
  #watchDeliveries(): void {
    const { sessions } = this.#pool
    const admit = sessions.admit.bind(sessions)
    sessions.admit = (...greeting) => {
      const admission = admit(...greeting)
      if (typeof admission !== 'string') this.#held.set(admission.session, undefined)
      return admission
    }
  }

  /** At every step: what is kept for a client that is away doesn't grow beyond its bound. */
  #checkBuffers(): void {
    for (const [session, before] of this.#held) {
      const { heldCharacters, isDetached } = session
      if (!isDetached || before === undefined) this.#held.set(session, isDetached ? heldCharacters : undefined)
      else if (heldCharacters > Math.max(before, MOST_HELD_CHARACTERS))
        this.#options.history.violations.push(`buffers: ${this.node} holds ${heldCharacters} characters`)
    }
  }

  /** Clients see these as INTERNAL; here each has to be one that was planned. */
  #onError(error: unknown, path: string | undefined): void {
    if (error instanceof PlannedFailure || (error instanceof HotlineError && EXPECTED.has(error.code))) return
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#options.history.violations.push(`process ${this.number} failed in ${path ?? 'a connection'}: ${text}`)
  }
}

/** What stays while a client is away, the message that goes beyond it, and of each stream that a run opens an item and its lane. */
const MOST_HELD_CHARACTERS =
  PROTOCOL_LIMITS.detachedCharacters + PROTOCOL_LIMITS.messageBytes + 50 * (65_536 + PROTOCOL_LIMITS.messageBytes)

/** A value that can't be sent. */
const EXPECTED = new Set(['NOT_ENCODABLE'])

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

// The pool only hands the request on to `authenticate`, which doesn't look at it here.
const REQUEST = { url: '/rpc', headers: {} } as IncomingMessage
