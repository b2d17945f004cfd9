/** What is used of a limiter of rate-limiter-flexible, whatever its store: `new RateLimiterRedis(...)`, say. */
export interface Limiter {
  /** Calls that one key may make within `duration`. */
  readonly points: number
  /** In seconds. 0: for good. */
  readonly duration: number
  /** Takes one point. Rejects with a `Refusal` where there is none left, and with an `Error` where the store fails. */
  consume(key: string): Promise<unknown>
}

/** What a limiter rejects with where a key has no points left. */
interface Refusal {
  /** -1 for never. */
  readonly msBeforeNext: number
}

/** Takes one point. Gives how long the key has to wait: 0 where it had one. @throws what the store failed with. */
export async function takePoint(limiter: Limiter, key: string): Promise<number> {
  try {
    await limiter.consume(key)
    return 0
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown
    const { msBeforeNext } = thrown
    return msBeforeNext < 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(msBeforeNext))
  }
}

function isRefusal(thrown: unknown): thrown is Refusal {
  if (typeof thrown !== 'object' || thrown === null || thrown instanceof Error) return false
  return 'msBeforeNext' in thrown && typeof thrown.msBeforeNext === 'number' && !Number.isNaN(thrown.msBeforeNext)
}
