import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONTROL_FRAMES } from './control.ts'
import { isDataFrame, parseFrame } from './frame.ts'
import { ProtocolError } from './protocol-error.ts'

function closeNameOf(text: string): string | undefined {
  try {
    parseFrame(text)
    return undefined
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return error.close
  }
}

/** Anything but a ProtocolError is thrown on, and fails the test. */
function parsesOrIsRefused(text: string): void {
  closeNameOf(text)
}

describe('a frame', () => {
  it('with numbers is data, its messages as they came', () => {
    const frame = parseFrame('[7,0,["cancel",1],"not a message at all"]')
    expect(frame).toEqual([7, 0, ['cancel', 1], 'not a message at all'])
    expect(isDataFrame(frame)).toBe(true)
  })

  it('with a word is control', () => {
    const frame = parseFrame('["ping"]')
    expect(frame).toEqual(['ping'])
    expect(isDataFrame(frame)).toBe(false)
  })

  it.each([
    ['what is not JSON', '[1,2', "A frame of 4 characters isn't JSON."],
    ['no array', '{"0":1}', 'A frame is an object: expected an array.'],
    ['nothing', '[]', 'A frame begins with undefined: expected a number, or one of hello, welcome,'],
    ['an unknown word', '["hullo"]', 'A frame begins with "hullo": expected a number, or one of'],
    ['X2: a word that may be a secret', '["eyJhbGciOiJIUzI1NiJ9"]', 'A frame begins with an unknown word: expected'],
    ['a word of every object', '["constructor"]', 'A frame begins with "constructor": expected a number'],
    ['a first number below 1', '[0,0,["cancel",1]]', 'A data frame has a bad field "seq" (number): expected'],
    [
      'a first number with a fraction',
      '[1.5,0,["cancel",1]]',
      'bad field "seq" (number): expected a whole number from 1',
    ],
    ['a first number beyond 2^53', '[9007199254740992,0,["cancel",1]]', 'bad field "seq"'],
    ['a negative acknowledgement', '[1,-1,["cancel",1]]', 'bad field "ack" (number): expected a whole number from 0'],
    ['no acknowledgement', '[1]', 'bad field "ack" (undefined)'],
    ['no message', '[1,0]', 'A data frame has no message: expected at least one.'],
  ])('is refused for %s', (_, text, message) => {
    expect(() => parseFrame(text)).toThrow(message)
    expect(closeNameOf(text)).toBe('BAD_FRAME')
  })

  it('is parsed or refused by name, whatever the text', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), parsesOrIsRefused))
  })

  it('is parsed or refused by name, whatever stands behind a known beginning', () => {
    const head = fc.oneof(fc.integer(), fc.constantFrom(...Object.keys(CONTROL_FRAMES)))
    const frame = fc.tuple(head, fc.jsonValue(), fc.jsonValue()).map((parts) => JSON.stringify(parts))
    fc.assert(fc.property(frame, parsesOrIsRefused), { numRuns: 500 })
  })

  it('X10: of 200,000 brackets is refused like any other', () => {
    expect(closeNameOf('['.repeat(200_000))).toBe('BAD_FRAME')
    expect(closeNameOf('['.repeat(200_000) + ']'.repeat(200_000))).toBe('BAD_FRAME')
  })
})
