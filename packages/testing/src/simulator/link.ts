import { End, type Wire } from './link-end.ts'
import type { Random } from './random.ts'
import type { Fault } from './simulation-options.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { Side, Watcher } from './watcher.ts'
import { Way } from './way.ts'
import type { Weather } from './weather.ts'
import { type RawFrame, textOfFrame } from './wire-frame.ts'

/** What a link needs of the network that it belongs to. */
export interface LinkTerms {
  readonly name: string
  readonly client: string
  readonly clock: VirtualClock
  readonly random: Random
  readonly watcher: Watcher
  readonly fault: Fault | undefined
  readonly trace: ((line: string) => void) | undefined
  /** Asked at each turn, since the weather may change. */
  weather(): Weather
  /** Both ends know that it is over. */
  over(): void
}

/** An end that learns late of a cut may learn this late. */
const LATE_MS = 20_000

const SIDES: readonly Side[] = ['client', 'server']

/** One connection: two ends and a way between them in each direction. */
export class Link implements Wire {
  readonly name: string
  readonly client: string
  readonly ends: { readonly client: End; readonly server: End }
  readonly terms: LinkTerms
  process: number | undefined
  #isCut = false
  #isEnding = false
  /** The ends that may take it for dead. */
  readonly #disturbed = new Set<Side>()
  /** The characters after which it is cut, on one way. */
  #limit: { readonly from: Side; readonly characters: number } | undefined

  constructor(terms: LinkTerms) {
    const { clock, random } = terms
    this.name = terms.name
    this.client = terms.client
    this.terms = terms
    const client: End = new End('client', this, new Way(clock, (parcel) => server.take(parcel)))
    const server: End = new End('server', this, new Way(clock, (parcel) => client.take(parcel)))
    this.ends = { client, server }
    if (!random.chance(terms.weather().cutInside)) return
    this.#limit = { from: random.pick(['client', 'server']), characters: random.integer(1, random.pick([400, 4_000])) }
  }

  get isCut(): boolean {
    return this.#isCut
  }

  /** Whether anything but delay has happened to it that `side` may take for a fault. */
  isDisturbed(side: Side): boolean {
    return this.#isCut || this.#disturbed.has(side)
  }

  delayMs(): number {
    const { leastDelayMs, mostDelayMs } = this.terms.weather()
    return this.terms.random.between(leastDelayMs, mostDelayMs)
  }

  wayTo(side: Side): Way {
    return side === 'client' ? this.ends.server.way : this.ends.client.way
  }

  /** Called with each message put in: whether the wire breaks inside it. */
  breaksIn(frame: RawFrame, from: Side): boolean {
    const fault = this.terms.fault?.(from, textOfFrame(frame))
    if (fault === 'before') return true
    if (fault === 'behind') this.#cutBehind(from)
    const limit = this.#limit
    if (limit === undefined || limit.from !== from) return false
    return this.ends[from].way.characters + frame.length >= limit.characters
  }

  /** When what is being put in now has arrived. */
  #cutBehind(from: Side): void {
    const { clock } = this.terms
    const { way } = this.ends[from]
    clock.schedule(() => clock.scheduleAt(() => this.cut(), way.lastArrivalAt), 0)
  }

  /** The wire breaks now. Of what is under way an early part may still arrive; each end learns of it at its own time. */
  cut(): void {
    if (this.#isCut) return
    this.#isCut = true
    const { clock, random, weather, trace } = this.terms
    trace?.(`${this.name} is cut`)
    this.beginEnd()
    const late = random.chance(weather().lateClose) ? random.pick<Side>(['client', 'server']) : undefined
    for (const end of [this.ends.client, this.ends.server]) {
      const incoming = this.wayTo(end.side)
      // Some box on the way still has what it swallowed, and gives it out when the other end has long gone.
      const lingers = incoming.isHeld && random.chance(weather().lingers)
      if (lingers) {
        incoming.end()
        continue
      }
      const stopsAt = random.between(clock.now(), Math.max(clock.now(), incoming.lastArrivalAt))
      incoming.stop(stopsAt)
      const lateMs = end.side === late ? random.between(0, LATE_MS) : random.between(0, this.delayMs())
      end.learnOfCut(Math.max(stopsAt, clock.now() + lateMs))
    }
  }

  /** From now on nothing comes through from `side`, and nobody is told, until it is released. */
  hold(side: Side): void {
    this.terms.trace?.(`${this.name} swallows what the ${side} says`)
    this.disturb()
    this.ends[side].way.hold()
  }

  release(): void {
    for (const end of [this.ends.client, this.ends.server]) {
      const wasHeld = this.wayTo(end.side).isHeld
      this.wayTo(end.side).release()
      const { clock, random } = this.terms
      if (this.#isCut) end.learnOfCut(clock.now() + (wasHeld ? random.between(0, 1_000) : 0))
    }
  }

  /** Something has happened that `side` may take for a fault; without one, both may. */
  disturb(side?: Side): void {
    for (const other of side === undefined ? SIDES : [side]) this.#disturbed.add(other)
  }

  /** Called when anything begins to end it; told once, and only of links that were open. */
  beginEnd(): void {
    if (this.#isEnding || this.ends.client.isConnecting) return
    this.#isEnding = true
    this.terms.watcher.ends(this)
  }

  /** The weather has cleared: what would have broken it doesn't any more. */
  spare(): void {
    this.#limit = undefined
  }

  ended(): void {
    const { client, server } = this.ends
    if (client.isClosed && (server.isClosed || server.isConnecting)) this.terms.over()
  }
}
