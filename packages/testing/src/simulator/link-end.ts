import type { Socket, SocketListener } from '@hotline/core/internal'
import type { Random } from './random.ts'
import type { SimulatedEnvironment } from './simulated-environment.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { Side, Watched, Watcher } from './watcher.ts'
import type { Parcel, Way } from './way.ts'
import type { Weather } from './weather.ts'
import { type RawFrame, showFrame } from './wire-frame.ts'

/** What an end needs of the link that it is one of the two of. */
export interface Wire extends Watched {
  /** Whether this side may give it up. */
  isDisturbed(side: Side): boolean
  readonly terms: {
    readonly clock: VirtualClock
    readonly random: Random
    readonly watcher: Watcher
    readonly trace: ((line: string) => void) | undefined
    weather(): Weather
  }
  /** How long the next message takes. */
  delayMs(): number
  /** What comes to the end on `side`. */
  wayTo(side: Side): Way
  /** Called with each message put in: whether the wire breaks inside it. */
  breaksIn(frame: RawFrame, from: Side): boolean
  cut(): void
  disturb(side?: Side): void
  beginEnd(): void
  /** An end is closed. */
  ended(): void
}

/** Who answers no closing handshake within this time is cut off, as `ws` does it. */
const CLOSE_TIMEOUT_MS = 30_000

/** A socket as one end has it. */
export class End implements Socket {
  readonly bufferedBytes = 0
  readonly side: Side
  readonly way: Way
  listener: SocketListener | undefined
  /** The process that it is in. */
  owner: SimulatedEnvironment | undefined
  readonly #link: Wire
  #unread: (() => void)[] = []
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting'

  constructor(side: Side, link: Wire, way: Way) {
    this.side = side
    this.#link = link
    this.way = way
  }

  get isConnecting(): boolean {
    return this.#state === 'connecting'
  }

  get isClosed(): boolean {
    return this.#state === 'closed'
  }

  /** Opens it for whoever takes it over. */
  open(take: (socket: Socket) => SocketListener | undefined): void {
    this.#state = 'open'
    this.listener = take(this)
  }

  send(frame: RawFrame): void {
    if (this.#state === 'connecting') throw new Error('The socket is not open yet.')
    if (this.#state !== 'open') return
    const { random, weather, watcher, trace } = this.#link.terms
    if (random.chance(weather().throwingSend)) {
      this.#link.disturb()
      throw new Error('The socket refuses a frame.')
    }
    watcher.sent(this.#link, this.side, frame)
    trace?.(`${this.#link.name} ${this.side} sends ${showFrame(frame)}`)
    if (!this.#link.breaksIn(frame, this.side)) {
      return this.way.send({ name: 'message', frame }, this.#link.delayMs())
    }
    this.#link.cut()
  }

  close(code: number, reason: string): void {
    if (this.#state === 'closing' || this.#state === 'closed') return
    const { clock, random, weather, watcher, trace } = this.#link.terms
    trace?.(`${this.#link.name} ${this.side} closes with ${code} ${reason}`)
    if (this.#state === 'connecting') return this.abort()
    this.#state = 'closing'
    watcher.closes(this.#link, this.side, code, reason)
    watcher.left(this.#link, this.side)
    this.#link.beginEnd()
    if (random.chance(weather().lostClose)) return this.#link.cut()
    this.way.send({ name: 'close', code, reason }, this.#link.delayMs())
    clock.schedule(() => this.#state === 'closing' && this.abort(), CLOSE_TIMEOUT_MS)
  }

  abort(): void {
    if (this.#state === 'closed') return
    const { watcher } = this.#link.terms
    if (this.#state === 'open' && !this.#link.isDisturbed(this.side)) watcher.givesUp(this.#link, this.side)
    if (this.#state === 'open') watcher.left(this.#link, this.side)
    this.#link.cut()
    this.#link.terms.clock.schedule(() => this.end(1006, ''), 0)
  }

  pauseReading(): void {}

  /** The process at this end is gone: it is told nothing more. */
  die(): void {
    this.#state = 'closed'
    this.listener = undefined
    this.#link.cut()
    this.#link.ended()
  }

  /** The cut is noticed at `at`, unless nothing comes through to here any more. */
  learnOfCut(at: number): void {
    const { clock } = this.#link.terms
    clock.schedule(() => this.#link.wayTo(this.side).isHeld || this.end(1006, ''), at - clock.now())
  }

  take(parcel: Parcel): void {
    if (this.#state === 'closed' || this.#state === 'connecting') return
    if (this.#mustWait(() => this.take(parcel))) return
    const { trace, watcher } = this.#link.terms
    if (parcel.name === 'message') {
      watcher.got(this.#link, this.side, parcel.frame)
      trace?.(`${this.#link.name} ${this.side} gets ${showFrame(parcel.frame)}`)
      return this.listener?.message(parcel.frame)
    }
    if (this.#state === 'open') this.way.send(parcel, this.#link.delayMs())
    this.end(parcel.code, parcel.reason)
  }

  end(code: number, reason: string): void {
    if (this.#state === 'closed' || this.#mustWait(() => this.end(code, reason))) return
    if (this.#state === 'open') this.#link.terms.watcher.left(this.#link, this.side)
    this.#state = 'closed'
    this.#link.terms.trace?.(`${this.#link.name} ${this.side} sees ${code} ${reason}`)
    this.listener?.closed(code, reason)
    this.#link.ended()
  }

  /** A process that stands still reads nothing: what comes waits in its order. */
  #mustWait(run: () => void): boolean {
    const { clock } = this.#link.terms
    const from = this.owner?.readsFrom ?? 0
    if (from <= clock.now()) return false
    if (this.#unread.push(run) === 1) clock.scheduleAt(() => this.#readOn(), from)
    return true
  }

  /** Each in a turn of its own. The process may have been stopped once more. */
  #readOn(): void {
    const { clock } = this.#link.terms
    const from = this.owner?.readsFrom ?? 0
    if (from > clock.now()) clock.scheduleAt(() => this.#readOn(), from)
    else for (const run of this.#unread.splice(0)) clock.schedule(run, 0)
  }
}
