import { isHotlineError } from '@hotline/client'

/** Attempts after the first, for errors that may be gone by then: as many as TanStack's default. */
const MAX_RETRIES = 3

const MAX_DELAY_MS = 30_000

/**
 * What the next attempt may do better. Every other code is an answer that stays the same, or says that Hotline itself
 * has tried for as long as it makes sense: it has come back, and sent the call again, before anybody here hears of it.
 */
const PASSING: readonly string[] = [
  'INTERNAL',
  'QUEUE_FULL',
  'RESULT_DROPPED',
  'SESSION_LOST',
  'SLOW_CONSUMER',
  'TOO_MANY_CALLS',
  'TOO_MANY_REQUESTS',
  'TOO_MANY_STREAMS',
]

/** Whether this is a server that renders, by TanStack's own test. */
export function isServer(): boolean {
  return !('window' in globalThis)
}

/** Whether a call that failed so has surely changed nothing. */
export function hasNotRun(error: unknown): boolean {
  return isHotlineError(error) && !error.mayHaveRun
}

/**
 * TanStack's `retry` for what only reads. A call that never left for want of a line is made again for as long as
 * somebody waits for it, as TanStack itself pauses what is offline. A server that renders makes no second attempt.
 */
export function mayRetry(failures: number, error: unknown): boolean {
  if (!isHotlineError(error) || isServer()) return false
  if (error.code === 'TIMEOUT') return hasNotRun(error)
  return PASSING.includes(error.code) && failures < MAX_RETRIES
}

/** TanStack's `retryDelay`: a second, doubled each time, and at least what the server asks for. */
export function retryDelay(failures: number, error: unknown): number {
  const askedMs = isHotlineError(error, 'TOO_MANY_REQUESTS') ? error.data?.retryAfterMs : 0
  return Math.max(askedMs ?? 0, Math.min(1000 * 2 ** failures, MAX_DELAY_MS))
}
