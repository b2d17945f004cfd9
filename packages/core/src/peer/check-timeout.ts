import { PROTOCOL_LIMITS } from '../protocol/limits.ts'

const { durationMs } = PROTOCOL_LIMITS

/**
 * A duration as the wire can say it: an endless one is the longest.
 * @throws TypeError for a `timeoutMs` that is no duration.
 */
export function checkTimeout(timeoutMs: number): number {
  // A text of digits would be joined to the time, and not added.
  if (typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= durationMs) return timeoutMs
  if (timeoutMs === Number.POSITIVE_INFINITY) return durationMs
  throw new TypeError(
    `"timeoutMs" is ${typeof timeoutMs === 'string' ? JSON.stringify(timeoutMs) : timeoutMs}: give milliseconds above 0, or Infinity to wait as long as it takes.`,
  )
}
