import type { IncomingMessage } from 'node:http'
import { HotlineError } from '@hotline/core'
import { CLOSE_CODES, type Frame } from '@hotline/core/internal'
import { ConnectionPool, resolveOptions } from '@hotline/server/internal'
import { SimulatedEnvironment } from '../simulator/simulated-environment.ts'
import { fuzzedRouter, PlannedFailure } from './fuzzed-router.ts'
import { isItem, isTask } from './fuzzed-schemas.ts'
import { judgeSent } from './judge-sent.ts'
import type { Round } from './round.ts'
import type { Line, Victim } from './victim.ts'

const GRACE_MS = 5_000

/** Longer than the grace period, any handler and any deadline. */
const REST_MS = 60_000

/** Codes of errors that a server reports and that are its handlers' fault, not its own. */
const HANDLERS_FAULT = new Set(['NOT_ENCODABLE', 'TOO_LARGE'])

/** A real server whose sockets end in whoever fuzzes it, on the round's clock. */
export class FuzzedServer implements Victim {
  readonly takesAnother = true
  readonly #round: Round
  readonly #environment: SimulatedEnvironment
  readonly #pool: ConnectionPool
  readonly #lines = new Set<Line>()
  /** What `authenticate` gave: nobody else's handler may run. */
  readonly #letIn = new WeakSet<object>()
  #running = 0
  /** Times that `authenticate` failed as it was asked to, and the connection hasn't been closed for it yet. */
  #plannedFailures = 0

  constructor(round: Round) {
    this.#round = round
    this.#environment = new SimulatedEnvironment(round.clock, round.random.fork(), 'turn')
    const router = fuzzedRouter({
      sleep: (delayMs, signal) => this.#sleep(delayMs, signal),
      began: (path, context, input) => this.#began(path, context, input),
      read: (path, item) => {
        if (!isItem(item)) round.crash(`"${path}" read an item that its schema refuses`)
      },
      ended: () => {
        this.#running--
      },
    })
    const settings = resolveOptions<object>(
      {
        authenticate: ({ auth }) => this.#authenticate(auth),
        logger: SILENT,
        onError: ({ error, path }) => this.#onError(error, path),
        limits: { graceMs: GRACE_MS, maxCalls: 64 },
      },
      this.#environment,
    )
    this.#pool = new ConnectionPool(router, { ...settings, epochNow: () => this.#environment.now() })
  }

  async open(hear: (frame: Frame) => void): Promise<Line> {
    let state: 'open' | 'closing' | 'closed' = 'open'
    const end = (code: number, reason: string) => {
      if (state !== 'open') return
      state = 'closing'
      this.#round.trace?.(`the server closes with ${code} ${reason}`)
      if (code === CLOSE_CODES.INTERNAL.code && --this.#plannedFailures < 0)
        this.#round.crash(`it closed with ${code}: ${reason}`)
      this.#environment.defer(() => closed(code, reason))
    }
    const closed = (code: number, reason: string) => {
      if (state !== 'closed') listener.closed(code, reason)
      state = 'closed'
    }
    const listener = this.#pool.accept(
      {
        bufferedBytes: 0,
        send: (frame: string | Uint8Array) => {
          if (state !== 'open') return
          this.#round.trace?.(`the server says ${frame}`)
          const sent = judgeSent(this.#round, 'server', frame)
          if (sent !== undefined) hear(sent)
        },
        close: end,
        abort: () => end(1006, ''),
        pauseReading: () => {},
      },
      REQUEST,
    )
    const line: Line = {
      get isOpen() {
        return state === 'open'
      },
      give: (frame) => state !== 'closed' && this.#round.give(frame, () => listener.message(frame)),
      cut: () => state !== 'closed' && this.#round.give('(the line is cut)', () => closed(1006, '')),
    }
    this.#lines.add(line)
    return line
  }

  async rest(): Promise<void> {
    for (const line of this.#lines) line.cut()
    await this.#round.pass(REST_MS)
    const { size, sessions } = this.#pool
    const left = {
      connections: size,
      sessions: sessions.size,
      handlers: this.#running,
      timers: this.#environment.timers,
    }
    for (const [what, count] of Object.entries(left)) {
      if (count !== 0) this.#round.crash(`${count} ${what} are left when everybody has gone`)
    }
  }

  async #authenticate(auth: unknown): Promise<{ context: object; principal?: string; expiresAt?: number }> {
    const { does, as } = (typeof auth === 'object' && auth !== null ? auth : {}) as Readonly<Record<string, unknown>>
    if (does === 'wait') await this.#sleep(50)
    if (does === 'refuse') throw new HotlineError('UNAUTHORIZED')
    if (does === 'fail') {
      this.#plannedFailures++
      throw new PlannedFailure('The database is away.')
    }
    const context = {}
    this.#letIn.add(context)
    return { context, ...(typeof as === 'string' && as !== '' && { principal: as }) }
  }

  #began(path: string, context: unknown, input: unknown): void {
    this.#running++
    const isLetIn = typeof context === 'object' && context !== null && this.#letIn.has(context)
    if (!isLetIn) this.#round.crash(`"${path}" ran for somebody who was not let in`)
    if (!isTask(input))
      this.#round.crash(`"${path}" ran with an input that its schema refuses: ${JSON.stringify(input)}`)
  }

  #onError(error: unknown, path: string | undefined): void {
    if (error instanceof PlannedFailure || (error instanceof HotlineError && HANDLERS_FAULT.has(error.code))) return
    const text = error instanceof Error ? error.stack : String(error)
    this.#round.crash(`it reported a failure in ${path ?? 'a connection'}: ${text}`)
  }

  /** Ends early where the signal aborts. */
  #sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel()
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const cancel = this.#environment.setTimer(done, delayMs)
      if (signal?.aborted === true) done()
      else signal?.addEventListener('abort', done)
    })
  }
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} }

// The pool only hands the request on to `authenticate`, which doesn't look at it here.
const REQUEST = { url: '/rpc', headers: {} } as IncomingMessage
