import { describe, expect, it } from 'vitest'
import type { CallOptions } from '../contract/call.ts'
import { parseMessage } from '../protocol/message.ts'
import { checkOptions } from './check-options.ts'

describe("a call's options", () => {
  it.each<CallOptions>([
    {},
    { headers: {} },
    { headers: { trace: 'x'.repeat(4_000) }, idempotencyKey: 'k'.repeat(256) },
    { idempotencyKey: '' },
    { headers: { x: 'y'.repeat(4_096 - '{"x":""}'.length) } },
  ])('pass where the other end takes them', (options) => {
    expect(() => checkOptions('a.b', options)).not.toThrow()
    expect(() => parseMessage(['call', 1, 'a.b', null, options])).not.toThrow()
  })

  it.each([
    ['', {}, '"path" can\'t be sent: expected a string of 1 to 256'],
    ['a.'.repeat(129), {}, '"path" can\'t be sent: expected a string of 1 to 256'],
    ['a', { idempotencyKey: 'k'.repeat(257) }, '"idempotencyKey" can\'t be sent: expected a string of at most 256'],
    ['a', { idempotencyKey: 7 }, '"idempotencyKey" can\'t be sent: expected a string'],
    ['a', { headers: { retries: 3 } }, '"headers" can\'t be sent: expected a plain object of strings, as Object.'],
    ['a', { headers: [] }, '"headers" can\'t be sent: expected a plain object of strings'],
  ])('fail their own call where the other end would close the connection: %j %j', (path, options, message) => {
    expect(() => checkOptions(path, options as CallOptions)).toThrow(message)
    expect(() => parseMessage(['call', 1, path, null, options])).toThrow()
  })

  it.each([
    ['lost', new Headers({ trace: 'x' })],
    ['lost', new Map([['trace', 'x']])],
    ['taken for an attack', JSON.parse('{"__proto__":"x"}')],
  ])('fail their own call where the headers would be %s', (_, headers) => {
    expect(() => checkOptions('a', { headers })).toThrow('"headers" can\'t be sent: expected a plain object of strings')
  })

  it.each([null, 7, 'fast', () => {}])('are an object, not %s', (options) => {
    expect(() => checkOptions('a.b', options as CallOptions)).toThrow('The options of "a.b" are ')
  })

  it.each([new AbortController(), {}, null, 7])('have a signal that can abort, not %s', (signal) => {
    expect(() => checkOptions('a', { signal: signal as AbortSignal })).toThrow('"signal" is no AbortSignal: give the')
  })

  it('fail their own call where the headers leave no room for the rest', () => {
    expect(() => checkOptions('a', { headers: { x: 'ü'.repeat(2_100) } })).toThrow('The headers have 4208 bytes')
    expect(() => checkOptions('a', { headers: { x: 'y'.repeat(1e6) } })).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    )
  })
})
