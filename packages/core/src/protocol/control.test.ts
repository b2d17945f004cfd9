import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Check } from './check.ts'
import { CHECKS, type CheckName, type Shape } from './check.ts'
import { CONTROL_FRAMES, type ControlFrame, formatControl } from './control.ts'
import { parseFrame } from './frame.ts'

/** Frames that have it anywhere are refused. */
const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'))
const name = fc.string().filter((text) => text !== '__proto__')

/** Values that a field of each check may have. */
const FITTING: Readonly<Record<CheckName, fc.Arbitrary<unknown>>> = {
  count: fc.maxSafeNat(),
  size: fc.integer({ min: 1 }),
  itemSize: fc.integer({ min: 1, max: 2 ** 20 }),
  id: fc.maxSafeNat().filter((value) => value > 0),
  string: fc.string(),
  path: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme-ascii' }),
  eventId: fc.string({ maxLength: 200, unit: 'grapheme-ascii' }),
  durationMs: fc.integer({ min: 0, max: 2_147_483_647 }),
  lengths: fc.array(fc.nat()),
  boolean: fc.boolean(),
  headers: fc.dictionary(name, fc.string(), { noNullPrototype: true }),
  record: fc.dictionary(name, json, { noNullPrototype: true }),
  any: json,
}

/** Objects of a shape, their optional fields there or not. */
function fieldsOf(shape: Shape): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const names = Object.keys(shape)
  const model = names.map((name) => [name.replace('?', ''), FITTING[shape[name] as CheckName]] as const)
  const requiredKeys = names.filter((name) => !name.endsWith('?'))
  return fc.record(Object.fromEntries(model), { requiredKeys, noNullPrototype: true })
}

const frames = Object.entries(CONTROL_FRAMES).map(([word, shape]: [string, Shape | 'received' | 'nothing']) => {
  if (shape === 'nothing') return fc.constant([word])
  return fc.tuple(fc.constant(word), shape === 'received' ? FITTING.count : fieldsOf(shape))
})

describe('a control frame', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.oneof(...frames), (frame) => {
        // The arbitraries are made from the table that the type stands for.
        const text = formatControl(frame as unknown as ControlFrame)
        expect(parseFrame(text)).toEqual(JSON.parse(JSON.stringify(frame)))
      }),
    )
  })

  it('is refused for each field that is missing or of another type, by its name', () => {
    for (const [word, shape] of Object.entries(CONTROL_FRAMES)) {
      if (typeof shape === 'string') continue
      const checks: Shape = shape
      const [sample] = fc.sample(fieldsOf(checks), { numRuns: 1, seed: 1 })
      for (const [name, check] of Object.entries(checks)) {
        const field = name.replace('?', '')
        const other = { ...sample, [field]: ODD.find((value) => !(CHECKS[check] as Check).accepts(value)) }
        const { [field]: _, ...without } = other
        const complaint = `Frame "${word}" has a bad field "${field}"`
        if (check !== 'any') expect(() => parseFrame(JSON.stringify([word, other]))).toThrow(complaint)
        if (!name.endsWith('?')) expect(() => parseFrame(JSON.stringify([word, without]))).toThrow(complaint)
      }
    }
  })

  it('may have fields that are not known yet', () => {
    expect(parseFrame('["goaway",{"delayMs":5,"deadlineMs":6,"later":true}]')).toEqual([
      'goaway',
      { delayMs: 5, deadlineMs: 6, later: true },
    ])
  })

  it.each([
    ['["ack"]', 'Frame "ack" has a bad field "received" (undefined): expected a whole number from 0.'],
    ['["pong",-1]', 'Frame "pong" has a bad field "received" (number): expected a whole number from 0.'],
    ['["ping",1]', 'Frame "ping" has 1 fields: expected none.'],
    ['["bye",null]', 'Frame "bye" has 1 fields: expected none.'],
    ['["hello",[]]', 'Frame "hello" has bad fields (array): expected an object.'],
    ['["goaway"]', 'Frame "goaway" has bad fields (undefined): expected an object.'],
  ])('%s is refused with its reason', (text, message) => {
    expect(() => parseFrame(text)).toThrow(message)
  })
})

const ODD = [null, [], -1, 1.5]
