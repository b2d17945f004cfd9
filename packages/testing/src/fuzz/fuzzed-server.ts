import type { IncomingMessage } from 'node:http'
import { HotlineError } from '@hotline/core'
import { CLOSE_CODES, type Frame } from '@hotline/core/internal'
import { ConnectionPool, resolveOptions } from '@hotline/server/internal'
import type { Random } from '../simulator/random.ts'
import { SimulatedEnvironment } from '../simulator/simulated-environment.ts'
import { Doorman, type Visit } from './doorman.ts'
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

/** Whether a server asks who comes. One that is open has no `authenticate`. */
export type Door = 'guarded' | 'open'

/** A real server whose sockets end in whoever fuzzes it, on the round's clock. */
export class FuzzedServer implements Victim {
  readonly takesAnother = true
  readonly #round: Round
  readonly #environment: SimulatedEnvironment
  readonly #pool: ConnectionPool
  readonly #lines = new Set<Line>()
  readonly #doorman: Doorman
  #running = 0

  constructor(round: Round, door: Door = 'guarded') {
    this.#round = round
    this.#environment = new SimulatedEnvironment(round.clock, round.random.fork(), 'turn')
    this.#doorman = new Doorman({ now: () => this.#environment.now(), sleep: (delayMs) => this.#sleep(delayMs) })
    const router = fuzzedRouter({
      sleep: (delayMs, signal) => this.#sleep(delayMs, signal),
      admitted: (path, context, input) => this.#admitted(path, context, input),
      began: () => {
        this.#running++
      },
      read: (path, item) => {
        if (!isItem(item)) round.crash(`"${path}" read an item that its schema refuses`)
      },
      ended: () => {
        this.#running--
      },
    })
    const settings = resolveOptions<object>(
      {
        ...(door === 'guarded' && { authenticate: (call) => this.#doorman.authenticate(call) }),
        logger: SILENT,
        onError: ({ error, path }) => this.#onError(error, path),
        limits: { graceMs: GRACE_MS, maxCalls: 64 },
      },
      this.#environment,
    )
    const authenticate = this.#doorman.watching(settings.authenticate ?? (() => ({ context: {} })))
    this.#pool = new ConnectionPool(router, { ...settings, authenticate, epochNow: () => this.#environment.now() })
  }

  async open(hear: (frame: Frame) => void): Promise<Line> {
    let state: 'open' | 'closing' | 'closed' = 'open'
    // The pool only hands the request on to `authenticate`, which doesn't look into it here.
    const request = { url: '/rpc', headers: {} } as IncomingMessage
    const visit = this.#doorman.receive(request)
    const end = (code: number, reason: string) => {
      if (state !== 'open') return
      state = 'closing'
      this.#round.trace?.(`the server closes with ${code} ${reason}`)
      if (code === CLOSE_CODES.INTERNAL && !this.#doorman.tookFailure())
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
          if (sent === undefined) return
          this.#judgeTurn(visit, sent)
          hear(sent)
        },
        close: end,
        abort: () => end(1006, ''),
        pauseReading: () => {},
      },
      request,
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

  /** Somebody who may be there is revoked. */
  disturb(random: Random): void {
    const principal = random.pick(['ann', 'bob'])
    this.#round.trace?.(`"${principal}" is revoked`)
    this.#pool.revoke(principal)
    this.#doorman.revoke(principal)
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

  /** Nothing is said to who wasn't let in but why. */
  #judgeTurn(visit: Visit, [word]: Frame): void {
    if (visit.isRevoked) this.#round.crash(`it said "${word}" to somebody who was revoked`)
    if (word === 'welcome' || word === 'resumed') visit.welcomed = { principal: visit.principal }
    else if (visit.welcomed === undefined && word !== 'refused')
      this.#round.crash(`it said "${word}" to somebody whose greeting was not answered`)
  }

  #admitted(path: string, context: unknown, input: unknown): void {
    const objection = this.#doorman.objectionTo(context)
    if (objection !== undefined) this.#round.crash(`"${path}" ran for somebody ${objection}`)
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
