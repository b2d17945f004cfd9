import { isHotlineError } from './hotline-error.ts'

/** Attempts after the first, for errors that may be gone by then. */
const MAX_RETRIES = 3

const MAX_DELAY_MS = 30_000

/** What a timer can hold: one that overflows fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * What the next attempt may do better. Every other code is an answer that stays the same, or says that Hotline itself
 * has tried for as long as it makes sense: it has come back, and sent the call again, before anybody hears of it.
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

/**
 * Whether what only reads may be tried again, after so many `failures` in a row of which `error` is the last. A call that
 * never left for want of a line is worth any number of attempts; what may be gone by then, three; the rest, none.
 */
export function mayRetry(failures: number, error: unknown): boolean {
  if (!isHotlineError(error)) return false
  if (error.code === 'TIMEOUT') return !error.mayHaveRun
  return PASSING.includes(error.code) && failures < MAX_RETRIES
}

/** Milliseconds to wait before that: a second, doubled with each earlier failure up to 30 s, and at least what the server asks for. */
export function retryDelay(failures: number, error: unknown): number {
  const askedMs = isHotlineError(error, 'TOO_MANY_REQUESTS') ? error.data?.retryAfterMs : 0
  return Math.min(Math.max(askedMs ?? 0, Math.min(1000 * 2 ** failures, MAX_DELAY_MS)), MAX_TIMER_MS)
}
