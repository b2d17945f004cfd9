import type { CallOptions } from '../contract/call.ts'
import { HotlineError } from '../contract/hotline-error.ts'
import { CHECKS, type Check } from '../protocol/check.ts'
import { utf8Bytes } from '../protocol/utf8.ts'

/** What a call's headers may have as JSON: the other parts of its message need room too. */
const MAX_HEADERS_BYTES = 4 * 1024

/** `Headers` and a Map have no fields that JSON could see; a frame that has the key `__proto__` is taken for an attack. */
const PLAIN_HEADERS: Check = {
  expects: 'a plain object of strings, as Object.fromEntries(headers) makes one',
  // The first part has found it to be an object.
  accepts: (value) =>
    CHECKS.headers.accepts(value) &&
    !(Symbol.iterator in (value as object)) &&
    !Object.hasOwn(value as object, '__proto__'),
}

/**
 * What the other end would take for a broken frame, and close the connection for, fails its own call here instead.
 * So does what would be lost without a word.
 * @throws TypeError for options that are none, for a path, a key or headers that no message may have and for a signal that
 * is none, HotlineError `TOO_LARGE` for large headers.
 */
export function checkOptions(path: string, options: CallOptions): void {
  expectFit('path', CHECKS.path, path)
  if (typeof options !== 'object' || options === null) {
    // As in `ids.map(api.todos.get)`, which hands over an index.
    throw new TypeError(`The options of "${path}" are ${String(options)}: give an object, or the input alone.`)
  }
  const { headers, idempotencyKey, signal } = options
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw new TypeError('"signal" is no AbortSignal: give the `signal` of an AbortController.')
  }
  if (idempotencyKey !== undefined) expectFit('idempotencyKey', CHECKS.eventId, idempotencyKey)
  if (headers === undefined) return
  expectFit('headers', PLAIN_HEADERS, headers)
  const bytes = utf8Bytes(JSON.stringify(headers))
  if (bytes <= MAX_HEADERS_BYTES) return
  const message = `The headers have ${bytes} bytes: a call carries at most ${MAX_HEADERS_BYTES}. Send the rest as input.`
  throw new HotlineError('TOO_LARGE', undefined, { message })
}

function expectFit(name: string, check: Check, value: unknown): void {
  if (!check.accepts(value)) throw new TypeError(`"${name}" can't be sent: expected ${check.expects}.`)
}
