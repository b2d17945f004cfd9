import type { IncomingMessage } from 'node:http'
import type { Router } from '@hotline/core'
import {
  AlarmHeap,
  Alarms,
  type GoAway,
  type Greeting,
  ProcedureTable,
  type Socket,
  type SocketListener,
} from '@hotline/core/internal'
import type { Carrier } from './carrier.ts'
import { Connection } from './connection.ts'
import type { ConnectionHost } from './connection-host.ts'
import { type Connections, connectionsIn } from './connections.ts'
import { contractHash } from './contract-hash.ts'
import type { Drain } from './drain.ts'
import { Gate } from './gate/gate.ts'
import { UNCOUNTED, type Visitor } from './gate/visitor.ts'
import type { Identity } from './identity.ts'
import type { ServerFailure, Settings } from './options.ts'
import { BUSY, DRAINING, type NewRefusal, REVOKED, tooManyResumes } from './refusals.ts'
import { Revocations } from './revocations.ts'
import { type ServerStats, serverStats } from './server-stats.ts'
import { SessionRegistry } from './session-registry.ts'
import { Turns } from './turns.ts'
import { whatFailed } from './what-failed.ts'

interface Draining {
  readonly movesUntil: number
  readonly endsAt: number
  /** Resolves when it is over. */
  readonly over: Promise<void>
  done(): void
}

/** The connections and sessions of one process and what they share. It knows sockets only by their seam. */
export class ConnectionPool implements ConnectionHost {
  readonly settings: Settings
  readonly procedures: ProcedureTable
  readonly contract: string
  readonly alarms: Alarms
  readonly sessions: SessionRegistry
  readonly gate: Gate
  readonly turns: Turns
  readonly #connections = new Set<Carrier>()
  readonly #revocations: Revocations
  #draining: Draining | undefined
  #floods = 0

  /** @throws TypeError where the router can't be served, naming the path. */
  constructor(router: Router, settings: Settings) {
    this.settings = settings
    this.procedures = new ProcedureTable(router)
    this.contract = settings.contract ?? contractHash(this.procedures)
    this.alarms = new Alarms(settings.environment, new AlarmHeap())
    this.sessions = new SessionRegistry(this)
    this.gate = new Gate(settings)
    this.turns = new Turns(settings.environment)
    this.#revocations = new Revocations(settings.timeouts.authenticateMs)
  }

  /** Its clients, as the application sees them. `Context` is what `authenticate` gives. */
  connections<Context>(): Connections<Context> {
    return connectionsIn(this.sessions)
  }

  /** Connections that are open or opening. */
  get size(): number {
    return this.#connections.size
  }

  stats(): ServerStats {
    const { sessions } = this
    const whole = { connections: this.size, floods: this.#floods, keys: this.settings.keyedRuns.keys }
    const sums = { held: sessions.held.size, away: sessions.away.size }
    return serverStats(sessions.all, { ...whole, ...sums, ...this.gate.stats() })
  }

  flooded(): void {
    this.#floods++
  }

  /** Takes over an open socket; what comes back must be told what happens to it. */
  accept(
    socket: Socket,
    request: IncomingMessage,
    visitor: Visitor = UNCOUNTED,
  ): SocketListener & Pick<Carrier, 'end'> {
    const connection = new Connection(this, { socket, request, visitor })
    this.#connections.add(connection)
    return connection
  }

  closed(connection: Carrier): void {
    this.#connections.delete(connection)
    this.sessions.left(connection)
    if (this.#connections.size === 0) this.#draining?.done()
  }

  goAway(): GoAway | undefined {
    if (this.#draining === undefined) return undefined
    const { environment } = this.settings
    const { movesUntil, endsAt } = this.#draining
    const now = environment.now()
    return { delayMs: environment.random() * Math.max(0, movesUntil - now), deadlineMs: Math.max(0, endsAt - now) }
  }

  refuses(greeting: Greeting, identity: Identity, claimant: string | undefined): NewRefusal | undefined {
    if (this.#revocations.isOf(identity)) return REVOKED
    const waitMs = greeting[0] === 'resume' ? this.gate.checkResume(claimant) : 0
    if (waitMs > 0) return { close: 'FLOOD', refusal: tooManyResumes(waitMs) }
    if (this.sessions.knows(greeting, identity)) return undefined
    if (this.#draining !== undefined) return DRAINING
    return this.sessions.makeRoom() ? undefined : BUSY
  }

  /** Tells every client to move, and resolves when all have, at the latest after `deadlineMs`. Who asks again waits for the same. */
  async drain({ windowMs, deadlineMs }: Drain): Promise<void> {
    const { environment } = this.settings
    if (this.#draining !== undefined) return this.#draining.over
    if (this.#connections.size === 0) return
    const now = environment.now()
    let resolve = () => {}
    const over = new Promise<void>((resolveIt) => {
      resolve = resolveIt
    })
    const cancelTimer = environment.setTimer(() => this.#draining?.done(), deadlineMs)
    const done = () => {
      cancelTimer()
      resolve()
    }
    this.#draining = { movesUntil: now + windowMs, endsAt: now + deadlineMs, over, done }
    for (const connection of this.#connections) connection.sendGoAway()
    await over
  }

  report(failure: ServerFailure): void {
    const { error, ...rest } = failure
    this.settings.logger.error({ err: error, ...rest }, whatFailed(failure))
    void this.#tell(failure)
  }

  /** It may be an async function, and one that rejects would end the process. */
  async #tell(failure: ServerFailure): Promise<void> {
    try {
      await this.settings.onError(failure)
    } catch (thrown) {
      this.settings.logger.error({ err: thrown }, '"onError" threw')
    }
  }

  /** Ends the sessions of a principal with their connections, at once: nothing more reaches it, nothing of it can be resumed. */
  revoke(principal: string): void {
    this.#revocations.add(principal, this.settings.environment.now())
    this.sessions.revoke(principal)
  }

  /** Ends every connection and session; their clients may come back to whoever answers then. */
  closeAll(): void {
    for (const session of this.sessions.all) session.cutOff()
    for (const connection of [...this.#connections]) connection.end('GOING_AWAY', 'The server stops.')
    this.sessions.endAll('The server stops.')
  }
}
