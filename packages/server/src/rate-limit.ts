export type { WhenStoreFails } from './rate-limit/guarded-limiter.ts'
export type { LimitBy, LimitedCall, LimitKey } from './rate-limit/limit-key.ts'
export type { Limiter } from './rate-limit/limiter.ts'
export { type RateLimitOptions, rateLimit } from './rate-limit/rate-limit.ts'
