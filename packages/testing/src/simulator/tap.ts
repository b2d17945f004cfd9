import { type History, type Loss, lossesOpen } from './history.ts'
import type { VirtualClock } from './virtual-clock.ts'
import type { Side, Watched, Watcher } from './watcher.ts'
import { WireCheck } from './wire-check.ts'
import { type RawFrame, textOfFrame } from './wire-frame.ts'

/** What a tap needs to know of the run. */
export interface TapTerms {
  readonly clock: VirtualClock
  readonly history: History
  readonly graceMs: number
  readonly maxDetachedPerPrincipal: number
  /** The clock of a process, which may be ahead. */
  ownNow(process: number): number
  /** Whether all timers of a process went off in time. */
  isPunctual(process: number): boolean
}

/** Listens in on the network: checks what is on the wire, and writes down when a client had to fear for its session. */
export class Tap implements Watcher {
  readonly wire: WireCheck
  readonly #clock: VirtualClock
  readonly #history: History
  /** Connections on which a hello went out: until it is answered, its client can't know whether what followed it has run. */
  readonly #greeted = new Map<Watched, Loss>()
  /** How often each client's credentials were refused. */
  readonly #refusals = new Map<string, number>()
  /** When the welcome of a connection was sent: what was lost after that, it doesn't make good. */
  readonly #welcomedAt = new WeakMap<Watched, number>()

  constructor(terms: TapTerms) {
    const { clock, history } = terms
    this.#clock = clock
    this.#history = history
    this.wire = new WireCheck({
      violations: history.violations,
      graceMs: terms.graceMs,
      maxDetachedPerPrincipal: terms.maxDetachedPerPrincipal,
      flows: history.flows,
      now: () => clock.now(),
      ownNow: (process) => terms.ownNow(process),
      isPunctual: (process) => terms.isPunctual(process),
      lost: (client) => this.#lose(client),
    })
  }

  opens(link: Watched): void {
    const { client, name } = link
    if (this.#history.closedAt.has(client)) this.#history.violations.push(`${client} opened ${name} after its close()`)
    this.wire.opens(link)
  }

  sent(link: Watched, side: Side, raw: RawFrame): void {
    this.wire.sent(link, side, raw)
    const frame = textOfFrame(raw)
    if (frame.startsWith('["welcome"')) this.#welcomedAt.set(link, this.#clock.now())
    if (frame.startsWith('["hello"')) this.#greeted.set(link, this.#lose(link.client))
  }

  got(link: Watched, side: Side, raw: RawFrame): void {
    if (!this.wire.got(link, side, raw)) return
    const frame = textOfFrame(raw)
    if (frame.startsWith('["welcome"')) this.#welcomed(link)
    if (side === 'client' && frame.startsWith('["refused",{"code":"UNAUTHORIZED"')) this.#refused(link.client)
    if (frame.startsWith('["goaway"')) this.#history.moves.push({ client: link.client, at: this.#clock.now() })
  }

  closes(link: Watched, side: Side, code: number, reason: string): void {
    this.wire.closes(link, side, code, reason)
  }

  givesUp(link: Watched, side: Side): void {
    this.wire.givesUp(link, side)
  }

  left(link: Watched, side: Side): void {
    this.wire.left(link, side)
  }

  ends(link: Watched): void {
    this.#history.cuts.push({ client: link.client, at: this.#clock.now() })
  }

  /** A server's process has ended, and with it the sessions that it held. */
  processEnds(process: number): void {
    for (const client of this.wire.ended(process)) this.#lose(client)
  }

  /** A process has thrown a principal out. */
  revoked(process: number, principal: string): void {
    for (const client of this.wire.revoked(process, principal)) this.#lose(client)
  }

  /** A client that has two lines gives one up whose credentials were refused twice, and shows nothing of that. */
  #refused(client: string): void {
    const { moves, refused } = this.#history
    const times = (this.#refusals.get(client) ?? 0) + 1
    this.#refusals.set(client, times)
    if (times > 1 && moves.some((move) => move.client === client)) refused.add(client)
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
