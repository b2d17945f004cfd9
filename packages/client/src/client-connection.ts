import type { CallOptions } from '@hotline/core'
import {
  AlarmList,
  Alarms,
  backoff,
  type ClientState,
  type GoAway,
  isolate,
  type OutgoingCall,
  type Session,
  type Sleeper,
} from '@hotline/core/internal'
import { ClientLine } from './client-line.ts'
import { type ConnectionState, refusedCall } from './connection-state.ts'
import type { LineHooks } from './line-hooks.ts'
import type { Settings } from './options.ts'
import { StateBoard } from './state-board.ts'

/** Lines that may be left at a time: a server that ends none of them keeps no more than these open. */
const MAX_LEAVING = 4

/** A line that is told to go sooner than this after it took over was told so too soon: the next move waits longer. */
const SETTLED_MS = 30_000

/** How long such a wait is at most, by the deadline: moving without any would be a busy loop, and servers are replaced quickly. */
const SHORTEST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1_000

/**
 * A client's connection: one line, and while a server goes away two. The new line opens first; then new calls go there,
 * streams move one by one, and calls that are out, in either direction, end on the old line, which closes when nothing
 * is left on it.
 */
export class ClientConnection implements Sleeper, LineHooks<ClientLine> {
  readonly #settings: Settings
  readonly #alarms: Alarms
  readonly #board: StateBoard
  #line: ClientLine
  /** The line that takes over when it is open. */
  #next: ClientLine | undefined
  #nextAt = Number.POSITIVE_INFINITY
  #movedAt = Number.NEGATIVE_INFINITY
  /** Moves in a row that were followed by another too soon. */
  #hastyMoves = 0
  readonly #leaving = new Set<ClientLine>()
  /** The API's name at the first welcome. */
  contract: string | undefined

  constructor(settings: Settings) {
    this.#settings = settings
    this.#alarms = new Alarms(settings.environment, new AlarmList())
    this.#line = new ClientLine(this.#settings, this.#alarms, this)
    this.#board = new StateBoard(this.#line.state)
  }

  get state(): ConnectionState {
    return this.#board.state
  }

  /** The session that new calls go into. */
  get session(): Session {
    return this.#line.session.current
  }

  call(path: string, input: unknown, options: CallOptions | undefined): Promise<unknown> {
    const { state, session } = this.#line
    return isOut(state) ? Promise.reject(refusedCall(state)) : session.caller.call(path, input, options)
  }

  /** Calls `listener` after each change of `state`; gives the undo. */
  subscribe(listener: () => void): () => void {
    return this.#board.subscribe(listener)
  }

  connect(): void {
    this.#line.connect()
  }

  /** The network is said to be gone: it shows sooner whether that is so. */
  check(): void {
    for (const line of this.#lines()) line.session.current.check()
  }

  /** The network or the page came back: whether the line still stands is worth a look, and the next attempt is due sooner. */
  hurry(): void {
    for (const line of this.#lines()) line.hurry()
  }

  /** Gives the socket up, and keeps the session: nothing happens until `resume`. */
  pause(): void {
    for (const line of this.#lines()) line.pause()
  }

  resume(): void {
    // What was never paused waits for its first call, or for better credentials.
    for (const line of this.#lines()) if (line.state.name === 'waiting') line.connect()
  }

  close(): void {
    this.#alarms.delete(this)
    for (const line of this.#lines()) line.close()
  }

  wake(now: number): number {
    if (now < this.#nextAt) return this.#nextAt
    this.#nextAt = Number.POSITIVE_INFINITY
    // The line may have found another server by itself meanwhile.
    if (!this.#line.isLeaving || isOut(this.#line.state) || this.#leaving.size >= MAX_LEAVING) {
      return Number.POSITIVE_INFINITY
    }
    this.#next = new ClientLine(this.#settings, this.#alarms, this)
    this.#next.connect()
    return Number.POSITIVE_INFINITY
  }

  changed(line: ClientLine): void {
    if (line === this.#next) this.#try(line)
    this.settled(line)
    if (line === this.#line && line.state.name === 'closed') this.#next?.close()
    if (line === this.#line) this.#board.show(line.state, Date.now() - this.#settings.environment.now())
  }

  greeted(contract: string): void {
    const isOther = this.contract !== undefined && this.contract !== contract
    this.contract ??= contract
    if (isOther) isolate(() => this.#settings.onContractChanged(contract))
  }

  /** Its server will end the line: time to open another, at another moment than other clients do. */
  goAway(line: ClientLine, { delayMs, deadlineMs }: GoAway): void {
    if (line !== this.#line || this.#next !== undefined || this.#nextAt !== Number.POSITIVE_INFINITY) return
    const { environment, timeouts } = this.#settings
    const now = environment.now()
    this.#hastyMoves = now - this.#movedAt < SETTLED_MS ? this.#hastyMoves + 1 : 0
    const pauseMs = this.#hastyMoves === 0 ? 0 : backoff(this.#hastyMoves, environment.random(), timeouts.backoff)
    // Calls need the rest of the time to end on the old line.
    const mostMs = Math.min(Math.max(deadlineMs / 4, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS)
    this.#nextAt = now + Math.max(delayMs, Math.min(pauseMs, mostMs))
    this.#alarms.set(this, this.#nextAt)
  }

  #try(next: ClientLine): void {
    if (next.state.name === 'open') this.#moveTo(next)
    if (isOut(next.state)) this.#next = undefined
  }

  #moveTo(next: ClientLine): void {
    const old = this.#line
    this.#line = next
    this.#next = undefined
    this.#movedAt = this.#settings.environment.now()
    this.#leaving.add(old)
    const heir = { released: this.#adopt, emptied: () => this.settled(old) }
    old.session.caller.release(heir)
    this.settled(old)
  }

  /** A server may meanwhile have sent the new line away for good: then the call ends as those on it did. */
  readonly #adopt = (call: OutgoingCall): void => {
    const { state, session } = this.#line
    session.caller.adopt(call)
    if (isOut(state)) session.caller.settleAll(state.name === 'closed' ? 'NOT_SENT' : 'UNAUTHORIZED', state.reason)
  }

  /**
   * A line that is being left and lost its session has all its calls waiting again: they go where the others went. What
   * its server has called runs to its end there, and the answer arrives before the goodbye.
   */
  settled(line: ClientLine): void {
    if (!this.#leaving.has(line)) return
    line.session.caller.takeWaiting().forEach(this.#adopt)
    if (!line.session.isAtRest) return
    this.#leaving.delete(line)
    line.close()
  }

  #lines(): ClientLine[] {
    return [...this.#leaving, ...(this.#next === undefined ? [] : [this.#next]), this.#line]
  }
}

/** Whether a line carries no calls any more, unless it is told to connect. */
function isOut(state: ClientState): state is ClientState & { name: 'closed' | 'unauthenticated' } {
  return state.name === 'closed' || state.name === 'unauthenticated'
}
