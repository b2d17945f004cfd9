/** When a connection counts as dead, and when it is asked. */
export interface LivenessOptions {
  /** Ask after this much silence while an answer is awaited. */
  readonly probeMs: number
  /** Give up after this much silence while an answer is awaited. */
  readonly probeTimeoutMs: number
  /** Ask after this much silence when idle; `Infinity` for the side that doesn't ask. */
  readonly heartbeatMs: number
  /** Ask up to this much sooner when idle, each session by its own share: those attached together don't ask together. */
  readonly heartbeatSpreadMs: number
  /** Give up after this much silence when idle. */
  readonly idleTimeoutMs: number
}

export const LIVENESS: LivenessOptions = {
  probeMs: 2_500,
  probeTimeoutMs: 5_000,
  heartbeatMs: 25_000,
  heartbeatSpreadMs: 10_000,
  idleTimeoutMs: 45_000,
}

export interface Silence {
  /** When anything last came from the peer. */
  readonly heardAt: number
  /** When the peer last showed that it hears us too: a line may swallow one way alone. */
  readonly provenAt: number
  /** Since when this side has waited for an answer without a break; `undefined` where it doesn't. */
  readonly waitingSince: number | undefined
  /** When a ping went out, if one has since `provenAt`. */
  readonly askedAt: number | undefined
  /** When this look was due: a late one says that this side stood still, and nothing of its peer. */
  readonly dueAt: number
}

/** Timers are late by this much under load; by more, and the peer's answer may lie unread on this side. */
const MAX_LATE_MS = 500

export type Verdict = { readonly name: 'alive' | 'ask' | 'dead'; readonly wakeAt: number }

/** The same with a longer wait for answers: for a line that was too slow for the last one. */
export function withPatience(options: LivenessOptions, factor: number): LivenessOptions {
  const probeTimeoutMs = Math.min(options.probeTimeoutMs * factor, options.idleTimeoutMs)
  return { ...options, probeMs: probeTimeoutMs / 2, probeTimeoutMs }
}

/** The same with the heartbeat of one session, whose share `random` is drawn once. */
export function withPhase(options: LivenessOptions, random: number): LivenessOptions {
  return { ...options, heartbeatMs: options.heartbeatMs - Math.floor(random * options.heartbeatSpreadMs) }
}

/** What to do about a peer's silence, and when to look again. */
export function judge(silence: Silence, now: number, options: LivenessOptions): Verdict {
  const { heardAt, provenAt, waitingSince, dueAt } = silence
  const askedAt = now - dueAt <= MAX_LATE_MS ? silence.askedAt : undefined
  const waitingFrom = waitingSince === undefined ? Number.POSITIVE_INFINITY : Math.max(waitingSince, provenAt)
  const deadAt = Math.min(waitingFrom + options.probeTimeoutMs, heardAt + options.idleTimeoutMs)
  const askAt = Math.min(waitingFrom + options.probeMs, heardAt + options.heartbeatMs)
  if (askedAt === undefined) {
    if (now < askAt) return { name: 'alive', wakeAt: askAt }
    return { name: 'ask', wakeAt: Math.max(deadAt, now + options.probeMs) }
  }
  // Who was asked late has its round too, whatever else this side is woken for meanwhile.
  const givesUpAt = Math.max(deadAt, askedAt + options.probeMs)
  if (now < givesUpAt) return { name: 'alive', wakeAt: givesUpAt }
  return { name: 'dead', wakeAt: Number.POSITIVE_INFINITY }
}
