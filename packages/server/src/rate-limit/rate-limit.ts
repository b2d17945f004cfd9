import { type Empty, HotlineError, type Next } from '@hotline/core'
import { PROTOCOL_LIMITS } from '@hotline/core/internal'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { consoleLogger, type Logger } from '../logger.ts'
import { printableLogger } from '../printable-logger.ts'
import { GuardedLimiter, type WhenStoreFails } from './guarded-limiter.ts'
import { checkLimitKey, type LimitedCall, type LimitKey, limitKey } from './limit-key.ts'
import { type Limiter, takePoint } from './limiter.ts'

/** How much, in this process's memory. */
interface InMemory {
  /** Calls that are let through within `durationMs`. */
  readonly points: number
  /** From the first call that counts on; then the count begins anew. */
  readonly durationMs: number
  readonly limiter?: undefined
}

/** How much, in a store that processes share. */
interface InStore {
  /** Any limiter of rate-limiter-flexible with points and a duration: `new RateLimiterRedis({ storeClient, points, duration })`. */
  readonly limiter: Limiter
  /**
   * What becomes of calls while its store fails. `count-here`, as without a word: each process counts by itself, so a
   * limit is never off. `allow` lets them through, `refuse` refuses them with `TOO_MANY_REQUESTS`.
   */
  readonly whenStoreFails?: WhenStoreFails | undefined
  /** A store that hasn't answered by then has failed: 1 s. */
  readonly storeTimeoutMs?: number | undefined
  /** Hears once that the store fails, and that it works again. The console without one. */
  readonly logger?: Logger | undefined
  readonly points?: undefined
  readonly durationMs?: undefined
}

export type RateLimitOptions<Context> = (InMemory | InStore) & {
  /** What calls are counted by: `principal` without a word. */
  readonly by?: LimitKey<Context> | undefined
}

/** What the middleware takes: any procedure's call fits. */
interface CallToLimit<Context> extends LimitedCall<Context> {
  next(): Promise<Next<Empty>>
}

/**
 * A middleware that lets only so many calls through: further ones get `TOO_MANY_REQUESTS` with `data.retryAfterMs`
 * before anything of theirs runs. All procedures built on one `h.use(rateLimit(...))` are counted together, unless `by`
 * says `procedure`. Opening a subscription counts as one call.
 * @throws TypeError for numbers that aren't a limit, and a `by` that calls can't be counted by.
 */
export function rateLimit<Context>(
  options: RateLimitOptions<Context>,
): (call: CallToLimit<Context>) => Promise<Next<Empty>> {
  const { by = 'principal' } = options
  checkLimitKey(by)
  const take = options.limiter === undefined ? counter(inMemory(options)) : guarded(options)
  return async (call) => {
    const key = limitKey(by, call)
    const wait = key === undefined ? 0 : await take(key)
    if (wait > 0) throw tooMany(wait)
    return call.next()
  }
}

/** Takes a point of a key, and gives how long it has to wait. */
type Take = (key: string) => Promise<number>

function counter(limiter: Limiter): Take {
  return (key) => takePoint(limiter, key)
}

function guarded({
  limiter,
  whenStoreFails = 'count-here',
  storeTimeoutMs = 1_000,
  logger = consoleLogger,
}: InStore): Take {
  checkTimer('storeTimeoutMs', storeTimeoutMs)
  const { points, duration } = limiter
  const substitute = whenStoreFails === 'count-here' ? new RateLimiterMemory({ points, duration }) : undefined
  const limited = new GuardedLimiter(limiter, {
    substitute,
    whenStoreFails,
    storeTimeoutMs,
    logger: printableLogger(logger),
  })
  return (key) => limited.take(key)
}

function inMemory({ points, durationMs }: InMemory): Limiter {
  if (!(Number.isInteger(points) && points >= 1)) {
    throw new TypeError(`"points" is ${points}: give a whole number of calls from 1.`)
  }
  checkTimer('durationMs', durationMs)
  return new RateLimiterMemory({ points, duration: durationMs / 1_000 })
}

/** One that overflows fires at once: every count would be forgotten, or every answer of the store late. */
function checkTimer(name: string, ms: number): void {
  if (ms >= 1 && ms <= PROTOCOL_LIMITS.durationMs) return
  throw new TypeError(`"${name}" is ${ms}: give 1 to ${PROTOCOL_LIMITS.durationMs} milliseconds.`)
}

function tooMany(waitMs: number): HotlineError<'TOO_MANY_REQUESTS'> {
  if (waitMs === Number.POSITIVE_INFINITY) return new HotlineError('TOO_MANY_REQUESTS', undefined)
  const message = `Too many calls in a short time: call again in ${waitMs} ms.`
  return new HotlineError('TOO_MANY_REQUESTS', { retryAfterMs: waitMs }, { message })
}
