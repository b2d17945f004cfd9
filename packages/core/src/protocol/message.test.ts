import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatCall,
  formatCancel,
  formatError,
  formatItem,
  formatResult,
  formatStream,
  type ValueText,
} from './format.ts'
import { MESSAGES, type Message, parseMessage } from './message.ts'
import { ProtocolError } from './protocol-error.ts'

const across = (text: string): Message => parseMessage(JSON.parse(text))

const id = fc.maxSafeNat().filter((value) => value > 0)

/** A value's text as a codec gives it, and what stands for it in the message. */
const value = fc.record({ json: fc.json(), meta: fc.option(fc.json(), { nil: undefined }) })

function metaOf({ meta }: ValueText): object {
  return meta === undefined ? {} : { meta: JSON.parse(meta) }
}

describe('a message', () => {
  it('call is read as it was written', () => {
    const fields = fc.record(
      {
        timeoutMs: fc.nat(),
        headers: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
        lastEventId: fc.string(),
        again: fc.nat(3),
      },
      { requiredKeys: [], noNullPrototype: true },
    )
    fc.assert(
      fc.property(id, fc.string({ minLength: 1 }), value, fields, (id, path, value, fields) => {
        const text = formatCall(id, path, value, JSON.stringify(fields).slice(1, -1))
        const expected = { ...JSON.parse(JSON.stringify(fields)), ...metaOf(value) }
        const [word, readId, readPath, input, readFields = {}] = across(text) as Message & { 0: 'call' }
        expect([word, readId, readPath, input, readFields]).toEqual([
          'call',
          id,
          path,
          JSON.parse(value.json),
          expected,
        ])
      }),
    )
  })

  it('item and result are read as they were written', () => {
    fc.assert(
      fc.property(id, value, fc.string(), (id, value, eventId) => {
        const json: unknown = JSON.parse(value.json)
        const meta = metaOf(value)
        const { text, size } = formatItem(id, value, `"eventId":${JSON.stringify(eventId)}`)
        expect(across(text)).toEqual(['item', id, size, json, { eventId, ...meta }])
        expect(text).toHaveLength(`["item",${id},${size}]`.length + size)
        const result = across(formatResult(id, value))
        expect(result).toEqual('meta' in meta ? ['result', id, json, meta] : ['result', id, json])
      }),
    )
  })

  it('error is read as it was written', () => {
    const fields = fc.record(
      { code: fc.string(), message: fc.string(), mayHaveRun: fc.boolean() },
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(id, fields, value, (id, fields, data) => {
        expect(across(formatError(id, fields, undefined))).toEqual(['error', id, fields])
        const withData = { ...fields, data: JSON.parse(data.json), ...metaOf(data) }
        expect(across(formatError(id, fields, data))).toEqual(['error', id, withData])
      }),
    )
  })

  it('without a value says undefined by leaving it out', () => {
    expect(across(formatResult(1, undefined))).toEqual(['result', 1])
    expect(across(formatCall(1, 'a', undefined, ''))).toEqual(['call', 1, 'a'])
    expect(across(formatStream(2))).toEqual(['stream', 2])
    expect(across(formatCancel(3))).toEqual(['cancel', 3])
    expect(across(formatItem(4, undefined, '').text)).toEqual(['item', 4, 1])
  })

  it.each([
    ['a message that is an object', {}, 'A message is an object: expected an array.'],
    ['an unknown word', ['shout', 1], 'A message begins with "shout": expected one of call, cancel,'],
    ['a word of every object', ['toString', 1], 'A message begins with "toString"'],
    ['no word', [1], 'A message begins with a number'],
    ['X20: id 0', ['cancel', 0], 'Message "cancel" has a bad field "id" (number): expected a whole number from 1.'],
    ['X20: a negative id', ['call', -1, 'a'], 'bad field "id" (number)'],
    ['X20: an id with a fraction', ['result', 1.5], 'bad field "id" (number)'],
    ['X20: an id beyond 2^53', ['stream', 2 ** 53], 'bad field "id" (number)'],
    ['X20: an id that is text', ['item', '1'], 'bad field "id" (string)'],
    ['F6: an item without a size', ['item', 1], 'bad field "size" (undefined): expected a whole number from 1'],
    [
      'F6: an item larger than a message',
      ['item', 1, 2 ** 20 + 1, 'x'],
      'bad field "size" (number): expected a whole number from 1 to 1048576.',
    ],
    ['F6: an item of size 0', ['item', 1, 0], 'bad field "size" (number)'],
    ['F6: no credit', ['credit', 1, 0], 'Message "credit" has a bad field "size" (number)'],
    ['F6: negative credit', ['credit', 1, -1], 'bad field "size" (number)'],
    ['F6: credit that is no number', ['credit', 1, null], 'bad field "size" (null)'],
    ['F6: half a credit', ['credit', 1, 1.5], 'bad field "size" (number)'],
    ['F6: credit beyond 2^53', ['credit', 1, 2 ** 53], 'bad field "size" (number)'],
    ['a path that is no text', ['call', 1, ['a']], 'Message "call" has a bad field "path" (array): expected a string'],
    ['an empty path', ['call', 1, ''], 'bad field "path" (string)'],
    ['X17: a path longer than any', ['call', 1, 'a.'.repeat(129)], 'bad field "path" (string)'],
    ['fields that are none', ['call', 1, 'a', 0, null], 'Message "call" has bad fields (null): expected an object.'],
    ['a header that is no text', ['call', 1, 'a', 0, { headers: { a: 1 } }], 'bad field "headers" (object)'],
    ['a deadline in the past', ['call', 1, 'a', 0, { timeoutMs: -1 }], 'bad field "timeoutMs" (number)'],
    ['an endless event id', ['item', 1, 9, 0, { eventId: 'x'.repeat(257) }], 'bad field "eventId" (string)'],
    ['an error without fields', ['error', 1], 'Message "error" has bad fields (undefined): expected an object.'],
    ['an error without a code', ['error', 1, { message: '' }], 'bad field "code" (undefined): expected a string.'],
  ])('is refused for %s', (_, message, complaint) => {
    expect(() => parseMessage(message)).toThrow(ProtocolError)
    expect(() => parseMessage(message)).toThrow(complaint)
  })

  it('is parsed or refused by name, whatever it is', () => {
    const word = fc.constantFrom(...Object.keys(MESSAGES))
    const message = fc.oneof(
      fc.jsonValue(),
      fc.tuple(word, fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), fc.jsonValue()),
    )
    fc.assert(
      fc.property(message, (message) => {
        try {
          expect(parseMessage(message)).toBe(message)
        } catch (error) {
          expect(error).toMatchObject({ close: 'BAD_FRAME' })
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
