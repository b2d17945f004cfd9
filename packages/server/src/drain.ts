import { PROTOCOL_LIMITS } from '@hotline/core/internal'

/** How a server goes away. In milliseconds. */
export interface DrainOptions {
  /** Clients begin to move within this time, each at another moment: 5 s, or the deadline where that is sooner. */
  readonly windowMs?: number | undefined
  /** What is still here by then ends by name: 25 s. */
  readonly deadlineMs?: number | undefined
}

/** The options once resolved. */
export interface Drain {
  readonly windowMs: number
  readonly deadlineMs: number
}

const WINDOW_MS = 5_000
const DEADLINE_MS = 25_000

/** @throws TypeError for what is no duration, and for a window that outlasts the deadline. */
export function resolveDrain(options: DrainOptions = {}): Drain {
  const deadlineMs = duration('deadlineMs', options.deadlineMs ?? DEADLINE_MS)
  const windowMs = duration('windowMs', options.windowMs ?? Math.min(WINDOW_MS, deadlineMs))
  if (windowMs <= deadlineMs) return { windowMs, deadlineMs }
  throw new TypeError(`"windowMs" is ${windowMs}: give at most the ${deadlineMs} ms of "deadlineMs".`)
}

/** Clients are told both, and JSON has no Infinity: an endless one is the longest. */
function duration(name: keyof Drain, ms: unknown): number {
  if (typeof ms === 'number' && ms >= 0) return Math.min(ms, PROTOCOL_LIMITS.durationMs)
  throw new TypeError(`"${name}" is ${String(ms)}: give a number of milliseconds from 0.`)
}
