import { mayRetry as mayRetryRead } from '@hotline/client'
import { isServer } from './is-server.ts'

/**
 * TanStack's `retry` for what only reads: `mayRetry` of the client, by which a call that never left for want of a line is
 * made again for as long as somebody waits for it, as TanStack itself pauses what is offline. A server that renders makes
 * no second attempt.
 */
export function mayRetry(failures: number, error: unknown): boolean {
  return !isServer() && mayRetryRead(failures, error)
}
