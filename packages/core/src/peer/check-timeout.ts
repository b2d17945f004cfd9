/** The longest duration that timers and the wire can carry, 24.8 days. */
export const MAX_TIMEOUT_MS = 2_147_483_647

/** @throws TypeError for a `timeoutMs` that is no duration. */
export function checkTimeout(timeoutMs: number): number {
  if (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS) return timeoutMs
  if (timeoutMs === Number.POSITIVE_INFINITY) return timeoutMs
  throw new TypeError(
    `"timeoutMs" is ${timeoutMs}: give milliseconds above 0, or Infinity to wait as long as it takes.`,
  )
}
