/** The longest duration that timers and the wire can carry, 24.8 days. */
export const MAX_TIMEOUT_MS = 2_147_483_647

/**
 * A duration as the wire can say it: an endless one is the longest.
 * @throws TypeError for a `timeoutMs` that is no duration.
 */
export function checkTimeout(timeoutMs: number): number {
  if (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS) return timeoutMs
  if (timeoutMs === Number.POSITIVE_INFINITY) return MAX_TIMEOUT_MS
  throw new TypeError(
    `"timeoutMs" is ${timeoutMs}: give milliseconds above 0, or Infinity to wait as long as it takes.`,
  )
}
