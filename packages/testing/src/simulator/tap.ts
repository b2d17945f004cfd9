import { type History, type Loss, lossesOpen } from './history.ts'
import type { Promises } from './simulation-options.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { Side, Watched, Watcher } from './watcher.ts'
import { WireCheck } from './wire-check.ts'

/** Listens in on the network: checks what is on the wire, and writes down when a client had to fear for its session. */
export class Tap implements Watcher {
  readonly wire: WireCheck
  readonly #clock: VirtualClock
  readonly #history: History
  readonly #promises: Promises
  readonly #clients = new Set<string>()
  /** Connections on which a hello went out: until it is answered, its client can't know whether what followed it has run. */
  readonly #greeted = new Map<Watched, Loss>()
  /** When the welcome of a connection was sent: what was lost after that, it doesn't make good. */
  readonly #welcomedAt = new WeakMap<Watched, number>()
  #cuts = 0

  constructor(clock: VirtualClock, history: History, promises: Promises) {
    this.wire = new WireCheck(history.violations)
    this.#clock = clock
    this.#history = history
    this.#promises = promises
  }

  /** Open connections that ended, whatever the cause. */
  get cuts(): number {
    return this.#cuts
  }

  opens(link: Watched): void {
    const { client, name } = link
    if (this.#history.closedAt.has(client)) this.#history.violations.push(`${client} opened ${name} after its close()`)
    this.#clients.add(client)
    this.wire.opens(link)
    if (!this.#promises.sessionsSurviveCuts) this.#getOver(client, this.#clock.now())
  }

  sent(link: Watched, side: Side, frame: string): void {
    this.wire.sent(link, side, frame)
    if (frame.startsWith('["welcome"')) this.#welcomedAt.set(link, this.#clock.now())
    if (frame.startsWith('["hello"')) this.#greeted.set(link, this.#lose(link.client))
  }

  got(link: Watched, side: Side, frame: string): void {
    this.wire.got(link, side, frame)
    if (frame.startsWith('["welcome"')) this.#welcomed(link)
  }

  closes(link: Watched, side: Side, code: number, reason: string): void {
    this.wire.closes(link, side, code, reason)
  }

  givesUp(link: Watched, side: Side): void {
    this.wire.givesUp(link, side)
  }

  ends(link: Watched): void {
    this.#cuts++
    if (!this.#promises.sessionsSurviveCuts) this.#lose(link.client)
  }

  /** A server's process has ended, and with it the sessions that it held. */
  processEnds(): void {
    for (const client of this.#clients) this.#lose(client)
  }

  #welcomed(link: Watched): void {
    const { losses } = this.#history
    const feared = this.#greeted.get(link)
    if (feared !== undefined) losses.splice(losses.indexOf(feared), 1)
    this.#greeted.delete(link)
    this.#getOver(link.client, this.#welcomedAt.get(link) ?? 0)
  }

  #lose(client: string): Loss {
    const loss = { client, from: this.#clock.now(), to: Number.POSITIVE_INFINITY }
    this.#history.losses.push(loss)
    return loss
  }

  /** What the client lost up to `before` is behind it now. */
  #getOver(client: string, before: number): void {
    for (const loss of lossesOpen(this.#history, client)) if (loss.from <= before) loss.to = this.#clock.now()
  }
}
