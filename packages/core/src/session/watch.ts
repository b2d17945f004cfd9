import { judge, type LivenessOptions, type Verdict, withPatience, withPhase } from './liveness.ts'

/** How many times longer the patience may grow. */
const MAX_PATIENCE = 16

/** What has come while this side was busy is read within this time. */
const LAST_LOOK_MS = 50

/** A line that has stood this long is no longer a failed attempt's next one. */
const SETTLED_MS = 10_000

/** What one end knows of whether the other is still there, from one connection to the next. */
export class Watch {
  readonly #liveness: LivenessOptions
  /** Its share of the spread of idle pings. */
  readonly #phase: number
  #attachedAt = 0
  /** When anything last came from the peer. */
  #heardAt = 0
  /** When the peer last showed that it hears us too. */
  #provenAt = 0
  /** When the peer was asked, while it hasn't answered. */
  #askedAt: number | undefined
  /** When the peer was asked though nothing is awaited of it. */
  #checkedAt: number | undefined
  /** When a look first found the peer dead: it is believed when a later one says so too. */
  #foundDeadAt: number | undefined
  /** When the next look at the peer's silence is due, at the latest. */
  #lookDueAt = 0
  /** Grows with each connection that died of silence: a slow line must not be given up for ever. */
  #patience = 1
  #rttMs: number | undefined

  /** `random` spreads the idle pings of sessions that began together. */
  constructor(liveness: LivenessOptions, random: number) {
    this.#liveness = liveness
    this.#phase = random
  }

  /** How long the peer last took to answer a greeting or a ping. */
  get rttMs(): number | undefined {
    return this.#rttMs
  }

  get hasAsked(): boolean {
    return this.#askedAt !== undefined
  }

  /** Whether the line has stood long enough that what came before no longer counts. */
  hasSettled(now: number): boolean {
    return now - this.#attachedAt >= SETTLED_MS
  }

  /** Another connection begins. */
  begin(now: number): void {
    this.#attachedAt = now
    this.#lookDueAt = now
    this.heard(now)
    this.proven(now)
  }

  heard(now: number): void {
    this.#heardAt = now
  }

  /** The peer has been greeted: its answer will show how far away it is. */
  greeted(now: number): void {
    this.#askedAt = now
  }

  /** What the peer was asked has been answered. */
  answered(now: number): void {
    if (this.#askedAt !== undefined) this.#rttMs = now - this.#askedAt
  }

  proven(now: number): void {
    this.#provenAt = now
    this.#askedAt = undefined
    this.#checkedAt = undefined
    this.#foundDeadAt = undefined
  }

  /** An acknowledgement came: the line isn't too slow after all. */
  progressed(): void {
    this.#patience = 1
  }

  /** The peer has been asked out of turn. Gives when it must have answered. */
  checked(now: number): number {
    this.#checkedAt = now
    this.#askedAt = now
    this.#lookDueAt = now + this.#liveness.probeTimeoutMs
    return this.#lookDueAt
  }

  /** What to do about the peer's silence; what it says is taken as done. */
  look(now: number, awaitedSince: number | undefined): Verdict {
    const silence = {
      heardAt: this.#heardAt,
      provenAt: this.#provenAt,
      waitingSince: awaitedSince ?? this.#checkedAt,
      askedAt: this.#askedAt,
      dueAt: this.#lookDueAt,
    }
    let verdict = judge(silence, now, withPatience(withPhase(this.#liveness, this.#phase), this.#patience))
    // This side may just have stood still for less than shows, with the answer lying unread behind this look.
    if (verdict.name === 'dead') {
      this.#foundDeadAt ??= now
      const believedAt = this.#foundDeadAt + LAST_LOOK_MS
      if (now < believedAt) verdict = { name: 'alive', wakeAt: believedAt }
    }
    this.#lookDueAt = verdict.wakeAt
    if (verdict.name === 'ask') this.#askedAt = now
    if (verdict.name === 'dead') this.#patience = Math.min(this.#patience * 2, MAX_PATIENCE)
    return verdict
  }

  /** Milliseconds for which the peer has not shown that it is there and hears us. */
  silenceMs(now: number): number {
    return now - this.#provenAt
  }

  /** When to look, where an answer is awaited: who was idle until now looks sooner from now on. */
  lookDueAt(awaitedSince: number | undefined): number {
    if (awaitedSince === undefined) return Number.POSITIVE_INFINITY
    const { probeMs, probeTimeoutMs } = this.#liveness
    return Math.max(awaitedSince, this.#provenAt) + (this.#askedAt === undefined ? probeMs : probeTimeoutMs)
  }
}
