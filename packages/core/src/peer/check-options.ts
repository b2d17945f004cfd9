import type { CallOptions } from '../contract/call.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { CHECKS, type Check } from '../protocol/check.ts'
import { utf8Bytes } from '../protocol/utf8.ts'

/** What a call's headers may have as JSON: the other parts of its message need room too. */
const MAX_HEADERS_BYTES = 4 * 1024

/**
 * What the other end would take for a broken frame, and close the connection for, fails its own call here instead.
 * @throws TypeError for a path, a key or headers that no message may have, HotlineError `TOO_LARGE` for large headers.
 */
export function checkOptions(path: string, { headers, idempotencyKey }: CallOptions): void {
  expectFit('path', CHECKS.path, path)
  if (idempotencyKey !== undefined) expectFit('idempotencyKey', CHECKS.eventId, idempotencyKey)
  if (headers === undefined) return
  expectFit('headers', CHECKS.headers, headers)
  const bytes = utf8Bytes(JSON.stringify(headers))
  if (bytes <= MAX_HEADERS_BYTES) return
  const message = `The headers have ${bytes} bytes: a call carries at most ${MAX_HEADERS_BYTES}.`
  throw new HotlineError('TOO_LARGE', undefined, { message })
}

function expectFit(name: string, check: Check, value: unknown): void {
  if (!check.accepts(value)) throw new TypeError(`"${name}" can't be sent: expected ${check.expects}.`)
}
