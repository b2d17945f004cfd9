import fc from 'fast-check'
import SuperJSON from 'superjson'
import { describe, expect, it } from 'vitest'
import { EncodeError } from './encode-error.ts'
import { superjsonCodec } from './superjson-codec.ts'

/** What the other end makes of a value, by way of text. */
function across(value: unknown): unknown {
  const { json, meta } = superjsonCodec.encode(value)
  return superjsonCodec.decode(JSON.parse(json), meta === undefined ? undefined : JSON.parse(meta))
}

/** Any name but the few that codecs refuse for what they do to prototypes. */
const name = fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key))

const typedArray = fc.oneof(
  fc.uint8Array(),
  fc.uint8ClampedArray(),
  fc.int16Array(),
  fc.uint32Array(),
  fc.float32Array({ noNaN: true, noDefaultInfinity: true }).map((array) => array.map((value) => value + 0)),
  fc.float64Array({ noNaN: true, noDefaultInfinity: true }).map((array) => array.map((value) => value + 0)),
)

/** Values of every type that the codec knows, nested in one another. */
const { value: anything } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    ...[fc.string(), fc.boolean(), fc.constant(null), fc.constant(undefined), fc.bigInt()],
    ...[fc.double(), fc.integer(), fc.date({ noInvalidDate: true }), typedArray],
    fc.webUrl().map((url) => new URL(url)),
  ),
  value: fc.oneof(
    { maxDepth: 4 },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(tie('leaf'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('leaf'), { maxLength: 3 }).map((members) => new Set(members)),
  ),
}))

describe("the superjson codec's", () => {
  it('plain JSON is what JSON.stringify writes, with nothing beside it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // JSON has no -0: JSON.parse gives one for "-0" all the same.
        const plain: unknown = JSON.parse(JSON.stringify(value))
        fc.pre(!JSON.stringify(value).includes('"__proto__":'))
        expect(superjsonCodec.encode(plain)).toEqual({ json: JSON.stringify(plain), meta: undefined })
      }),
    )
  })

  it('values of every type it knows come back as they were', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(across(value)).toStrictEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  it('errors come back with name and message, and never with a stack', () => {
    const { json } = superjsonCodec.encode({ failed: new RangeError('out of it') })
    expect(json).not.toContain('superjson-codec.test')
    expect(across(new RangeError('out of it'))).toMatchObject({ name: 'RangeError', message: 'out of it' })
  })

  it('format is superjson: its tools can read what is sent', () => {
    expect(superjsonCodec.encode({ at: new Date(0), n: 1n })).toEqual({
      json: '{"at":"1970-01-01T00:00:00.000Z","n":"1"}',
      meta: '{"values":{"at":["Date"],"n":["bigint"]},"v":1}',
    })
  })

  it('format is that of superjson, for every value', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const { json, meta } = SuperJSON.serialize(value)
        const ours = superjsonCodec.encode(value)
        expect(ours.json).toBe(JSON.stringify(json))
        expect(ours.meta === undefined ? undefined : JSON.parse(ours.meta)).toEqual(meta)
      }),
      { numRuns: 500 },
    )
  })

  it('values can be read by superjson, and its values by us', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const ours = superjsonCodec.encode(value)
        const read = SuperJSON.deserialize({
          json: JSON.parse(ours.json),
          ...(ours.meta && { meta: JSON.parse(ours.meta) }),
        })
        expect(read).toStrictEqual(value)
        const theirs = SuperJSON.parse(SuperJSON.stringify(value))
        expect(theirs).toStrictEqual(value)
        const { json, meta } = JSON.parse(SuperJSON.stringify(value))
        expect(superjsonCodec.decode(json, meta)).toStrictEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  it('values are not changed by sending them', () => {
    const value = { at: new Date(0), rows: [{ n: 1n }, { n: undefined }] }
    superjsonCodec.encode(value)
    expect(value).toStrictEqual({ at: new Date(0), rows: [{ n: 1n }, { n: undefined }] })
  })

  it.each([
    ['a function', { save: () => 1 }, 'The value at .save is a function. Send plain data'],
    [
      'a date behind a name that leads to prototypes',
      { constructor: { at: new Date(0) } },
      '.constructor.at has "constructor"',
    ],
    ['a bare symbol', Symbol('x'), 'The value is a symbol. Send plain data'],
    ['numbers of a typed array that JSON lacks', { f: new Float32Array([1, Number.NaN]) }, 'The value at .f'],
    ['minus zero in a typed array', [new Float64Array([-0])], 'The value at [0]'],
    ['64-bit arrays, which superjson has no name for', [new BigInt64Array(1)], 'The value at [0] is a BigInt64Array'],
    ['a function behind an error', new Error('x', { cause: () => 1 }), 'The value at .cause is a function'],
  ])('refusals name the place and the remedy: %s', (_, value, message) => {
    expect(() => superjsonCodec.encode(value)).toThrow(EncodeError)
    expect(() => superjsonCodec.encode(value)).toThrow(message)
  })
})
