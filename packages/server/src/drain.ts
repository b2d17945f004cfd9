/** How a server goes away. In milliseconds. */
export interface DrainOptions {
  /** Clients begin to move within this time, each at another moment: 5 s. */
  readonly windowMs?: number | undefined
  /** What is still here by then ends by name: 25 s. */
  readonly deadlineMs?: number | undefined
}

/** The options once resolved. */
export interface Drain {
  readonly windowMs: number
  readonly deadlineMs: number
}

/** @throws TypeError for a window that outlasts the deadline. */
export function resolveDrain({ windowMs = 5_000, deadlineMs = 25_000 }: DrainOptions = {}): Drain {
  if (windowMs >= 0 && windowMs <= deadlineMs) return { windowMs, deadlineMs }
  throw new TypeError(`"windowMs" is ${windowMs}: give at most the ${deadlineMs} ms of "deadlineMs".`)
}
